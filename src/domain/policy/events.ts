import type { Protocol } from '../kernel/door.ts';
import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { ConditionId, EntitlementId } from '../kernel/ids.ts';
import type { RecordingDuty } from '../kernel/recording-duty.ts';
import { type Channels, defaultSshChannels } from './channels.ts';
import { defaultPostgresChannels } from './postgres-channels.ts';

type Labels = Readonly<Record<string, string>>;

export const permissions = [
  /** Own tokens, own sessions, what may I reach. Everybody has it. */
  'self',
  /** Reads every event, session and recording. */
  'audit',
  /** Reads and writes resources, revokes tokens, ends sessions. */
  'administer',
  /** Sees and ends live sessions. */
  'operate',
] as const;
export type Permission = (typeof permissions)[number];

/** `labels` in `scope` narrows the role to resources that carry them all; null: everything. */
export interface RoleSpec {
  readonly name: string;
  readonly labels: Labels;
  readonly permissions: readonly Permission[];
  readonly scope: Labels | null;
}
export type RoleDeclared = DomainEvent<'RoleDeclared', RoleSpec>;
export type RoleWithdrawn = DomainEvent<'RoleWithdrawn', Record<string, never>>;
export type RoleEvent = RoleDeclared | RoleWithdrawn;
export const roleEvents: EventSchemas<RoleEvent> = { RoleDeclared: { version: 1 }, RoleWithdrawn: { version: 1 } };

/** What helps when a condition does not hold. `reason`: the person gives one; `message`: `text` is all that can be said. */
export const remedyKinds = ['reason', 'message'] as const;
/** `text` is shown to the person: one line of visible text. */
export interface Remedy {
  readonly kind: (typeof remedyKinds)[number];
  readonly text: string;
}

/** `dialect` names the CEL dialect the expression was checked in; decisions store it too. */
export interface ConditionSpec {
  readonly name: string;
  readonly labels: Labels;
  readonly expression: string;
  readonly dialect: string;
  readonly remedy: Remedy | null;
}
export type ConditionDeclared = DomainEvent<'ConditionDeclared', ConditionSpec>;
export type ConditionWithdrawn = DomainEvent<'ConditionWithdrawn', Record<string, never>>;
export type ConditionEvent = ConditionDeclared | ConditionWithdrawn;
export const conditionEvents: EventSchemas<ConditionEvent> = {
  ConditionDeclared: { version: 2, upcasts: { 1: (data) => ({ ...data, remedy: null }) } },
  ConditionWithdrawn: { version: 1 },
};

export const rights = ['useCredential', 'accessTarget', 'startSession', 'revealCredential', 'checkOut'] as const;
export type Right = (typeof rights)[number];
/** What a session needs, and what an entitlement gives when it names no rights. */
export const sessionRights: readonly Right[] = ['useCredential', 'accessTarget', 'startSession'];

/** Targets by name or by labels (all must match); empty `accounts` or `protocols` mean any. */
export interface AccessSpec {
  readonly targets: readonly string[];
  readonly labels: Labels | null;
  readonly accounts: readonly string[];
  readonly protocols: readonly Protocol[];
  readonly rights: readonly Right[];
  readonly channels: Channels;
}

export interface EntitlementSpec {
  readonly name: string;
  readonly labels: Labels;
  readonly access: AccessSpec;
  readonly conditionIds: readonly ConditionId[];
  readonly recording: RecordingDuty;
  /** Longest duration of a session in milliseconds; null: until the pass ends. */
  readonly maxSessionMilliseconds: number | null;
  /** Ends a session without a person's input for so long, in milliseconds; null: never. */
  readonly idleMilliseconds: number | null;
  /** Set: somebody must approve, so that nothing opens until access requests exist. */
  readonly approval: { readonly by: readonly string[]; readonly mode: 'all' | 'any' } | null;
  readonly disabled: boolean;
}
export type EntitlementDeclared = DomainEvent<'EntitlementDeclared', EntitlementSpec>;
export type EntitlementWithdrawn = DomainEvent<'EntitlementWithdrawn', Record<string, never>>;
export type EntitlementEvent = EntitlementDeclared | EntitlementWithdrawn;

interface AccessData {
  readonly access: Readonly<Record<string, unknown>>;
}

/** Version 1 knew no channels: what was declared then opens what is the default now. */
function withChannels(data: Record<string, unknown>): Record<string, unknown> {
  const { access } = data as unknown as AccessData;
  return { ...data, access: { ...access, channels: { ssh: defaultSshChannels } } };
}

/** Version 2 knew only those of SSH. */
function withPostgresChannels(data: Record<string, unknown>): Record<string, unknown> {
  const { access } = data as unknown as AccessData;
  const channels = { ...(access.channels as object), postgres: defaultPostgresChannels };
  return { ...data, access: { ...access, channels } };
}

export const entitlementEvents: EventSchemas<EntitlementEvent> = {
  EntitlementDeclared: { version: 3, upcasts: { 1: withChannels, 2: withPostgresChannels } },
  EntitlementWithdrawn: { version: 1 },
};

/** Gives entitlements (by id, or all that carry the labels) to everybody for whom `assign` holds. */
export interface PolicySpec {
  readonly name: string;
  readonly labels: Labels;
  readonly assign: string;
  readonly dialect: string;
  readonly entitlementIds: readonly EntitlementId[];
  readonly entitlementLabels: Labels | null;
  readonly disabled: boolean;
}
export type PolicyDeclared = DomainEvent<'PolicyDeclared', PolicySpec>;
export type PolicyWithdrawn = DomainEvent<'PolicyWithdrawn', Record<string, never>>;
export type PolicyEvent = PolicyDeclared | PolicyWithdrawn;
export const policyEvents: EventSchemas<PolicyEvent> = {
  PolicyDeclared: { version: 1 },
  PolicyWithdrawn: { version: 1 },
};

/** Kinds of second factors that people enrol; recovery codes stand in for either. */
export const factorTypes = ['totp', 'webauthn'] as const;
export type FactorType = (typeof factorTypes)[number];

/** When a second factor of one kind is asked for. Both expressions are over the claims of a login (`FactorClaims`). */
export interface FactorProviderSpec {
  readonly name: string;
  readonly labels: Labels;
  readonly type: FactorType;
  /** Null: whoever has enrolled one. */
  readonly atLogin: string | null;
  /** Null: nobody. */
  readonly atToken: string | null;
  readonly dialect: string;
  readonly disabled: boolean;
}
export type FactorProviderDeclared = DomainEvent<'FactorProviderDeclared', FactorProviderSpec>;
export type FactorProviderWithdrawn = DomainEvent<'FactorProviderWithdrawn', Record<string, never>>;
export type FactorProviderEvent = FactorProviderDeclared | FactorProviderWithdrawn;
export const factorProviderEvents: EventSchemas<FactorProviderEvent> = {
  FactorProviderDeclared: { version: 1 },
  FactorProviderWithdrawn: { version: 1 },
};
