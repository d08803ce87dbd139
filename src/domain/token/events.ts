import type { Protocol } from '../kernel/door.ts';
import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { AccountId, EntitlementId, LoginId, SessionId, TargetId, UserId } from '../kernel/ids.ts';

/** What a token may be used for; null means all that its person may reach. */
export interface TokenScope {
  readonly protocols: readonly Protocol[] | null;
  readonly targetId: TargetId | null;
}

/** Holds no verifier: what proves the secret is sealed under the token's id behind the port TokenProofs. */
export type TemporaryTokenIssued = DomainEvent<
  'TemporaryTokenIssued',
  { readonly userId: UserId; readonly loginId: LoginId; readonly scope: TokenScope; readonly expiresAt: string }
>;
export type RevocationReason = 'owner' | 'administrator' | 'user-disabled' | 'user-removed';
export type TemporaryTokenRevoked = DomainEvent<
  'TemporaryTokenRevoked',
  { readonly userId: UserId; readonly reason: RevocationReason; readonly expiresAt: string }
>;

/** One decision of one entitlement or condition, by id and by the version of its stream that was read. */
export interface Versioned<Id extends string = string> {
  readonly id: Id;
  readonly version: number;
}

/**
 * The opening of a session, appended to the stream of its pass with the expected version before any byte reaches
 * the target. Law: none stands after the revocation of its pass.
 */
export type SessionAdmitted = DomainEvent<
  'SessionAdmitted',
  {
    readonly sessionId: SessionId;
    readonly userId: UserId;
    readonly targetId: TargetId;
    readonly accountId: AccountId;
    readonly protocol: Protocol;
    readonly entitlement: Versioned<EntitlementId>;
    /** Digest over ids and versions of every policy, entitlement and condition that the decision looked at. */
    readonly policyVersion: string;
    readonly dialect: string;
    readonly claimsDigest: string;
    readonly source: string;
  }
>;

export type TokenEvent = TemporaryTokenIssued | TemporaryTokenRevoked | SessionAdmitted;

export const tokenEvents: EventSchemas<TokenEvent> = {
  TemporaryTokenIssued: { version: 1 },
  TemporaryTokenRevoked: { version: 1 },
  SessionAdmitted: { version: 1 },
};
