import type { DomainEvent, EventSchemas } from '../kernel/event.ts';

/** One stream per node; a boot is one run of its process. */
export type NodeStarted = DomainEvent<'NodeStarted', { readonly bootId: string; readonly version: string }>;
export type NodeStopped = DomainEvent<'NodeStopped', { readonly bootId: string }>;
/** An event in the log is more than 30 s ahead of this machine's clock. */
export type ClockAlarmRaised = DomainEvent<
  'ClockAlarmRaised',
  { readonly newestEventAt: string; readonly clockAt: string }
>;
/**
 * For several rounds a directory did not say of everybody how it sees them: whoever it put out meanwhile is not known here.
 * `provider` is the name of the IdentityProvider resource.
 */
export type DirectorySyncStalled = DomainEvent<'DirectorySyncStalled', { readonly provider: string }>;
export type DirectorySyncResumed = DomainEvent<'DirectorySyncResumed', { readonly provider: string }>;

export type NodeEvent = NodeStarted | NodeStopped | ClockAlarmRaised | DirectorySyncStalled | DirectorySyncResumed;

export const nodeEvents: EventSchemas<NodeEvent> = {
  NodeStarted: { version: 1 },
  NodeStopped: { version: 1 },
  ClockAlarmRaised: { version: 1 },
  DirectorySyncStalled: { version: 1 },
  DirectorySyncResumed: { version: 1 },
};
