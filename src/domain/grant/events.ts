import type { Door } from '../kernel/door.ts';
import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { LoginId, PassId, UserId } from '../kernel/ids.ts';

/** Who confirmed or denied, by which login in the browser, and who had asked: where, from which network, as what. */
export interface GrantAnswer {
  readonly userId: UserId;
  readonly loginId: LoginId;
  readonly door: Door;
  /** What the asking program calls itself. */
  readonly client: string;
  readonly source: string;
}

/** Somebody logged in in the browser lets a program at another place log in as them (RFC 8628). */
export type DeviceGrantApproved = DomainEvent<
  'DeviceGrantApproved',
  GrantAnswer & { /** Until when it can be used. */ readonly expiresAt: string }
>;
/** `other-person`: it was asked for somebody else than who confirmed it (security rule A6). */
export type DeviceGrantDenied = DomainEvent<
  'DeviceGrantDenied',
  GrantAnswer & { readonly reason: 'person' | 'other-person' }
>;
/** The login that was opened by it, or at the SSH proxy the token that was issued. */
export type DeviceGrantUsed = DomainEvent<'DeviceGrantUsed', { readonly userId: UserId; readonly passId: PassId }>;

export type GrantEvent = DeviceGrantApproved | DeviceGrantDenied | DeviceGrantUsed;

export const grantEvents: EventSchemas<GrantEvent> = {
  DeviceGrantApproved: { version: 1 },
  DeviceGrantDenied: { version: 1 },
  DeviceGrantUsed: { version: 1 },
};
