import type { Door } from '../kernel/door.ts';
import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { LoginId, UserId } from '../kernel/ids.ts';

/** How a mechanism takes its answer (centrify-secure-remote-access: `AnswerType`). */
export type AnswerType = 'Text' | 'StartTextOob' | 'StartOob';

/** One way to answer a challenge. `name` is the mechanism's short name; `UP` is user password. */
export interface Mechanism {
  readonly id: string;
  readonly name: 'UP';
  readonly answerType: AnswerType;
}

/** Any one mechanism of a challenge meets it; all challenges must be met, in order. */
export interface Challenge {
  readonly mechanisms: readonly Mechanism[];
}

/** `userId` is null for a name nobody has: the attempt runs on and fails like a wrong password. */
export type AuthenticationStarted = DomainEvent<
  'AuthenticationStarted',
  {
    readonly userId: UserId | null;
    readonly nameKey: string;
    readonly door: Door;
    readonly clientId: string | null;
    readonly source: string;
    readonly challenges: readonly Challenge[];
    readonly expiresAt: string;
  }
>;
export type ChallengeAnswered = DomainEvent<
  'ChallengeAnswered',
  { readonly challenge: number; readonly mechanismId: string; readonly accepted: boolean }
>;
export type AuthenticationSucceeded = DomainEvent<
  'AuthenticationSucceeded',
  {
    readonly userId: UserId;
    readonly factors: readonly string[];
    readonly clientId: string | null;
    readonly door: Door;
  }
>;
export type AuthenticationFailureReason =
  | 'wrong-answer'
  | 'unknown-user'
  | 'disabled'
  | 'must-change'
  | 'expired'
  | 'cancelled';
export type AuthenticationFailed = DomainEvent<
  'AuthenticationFailed',
  {
    readonly userId: UserId | null;
    readonly reason: AuthenticationFailureReason;
    readonly door: Door;
    readonly source: string;
  }
>;
/** A pass (temporary token, key, login) that was shown at a door and not taken; nothing of what was typed is kept. */
export type PassRefusalReason =
  | 'unknown-user'
  | 'malformed'
  | 'no-match'
  | 'bad-signature'
  | 'expired'
  | 'revoked'
  | 'wrong-protocol'
  | 'disabled'
  | 'unavailable';
export type PassRefused = DomainEvent<
  'PassRefused',
  {
    readonly userId: UserId | null;
    readonly nameKey: string | null;
    readonly door: Door;
    readonly source: string;
    readonly reason: PassRefusalReason;
  }
>;

/**
 * Somebody wanted to make a public key a pass and did not prove that the private one is at hand. `nameKey` is the keyed
 * digest of the fingerprint, as in `PublicKeyRegistered`.
 */
export type KeyProofRefusalReason =
  | 'missing'
  | 'foreign-challenge'
  | 'expired-challenge'
  | 'used-challenge'
  | 'bad-signature';
export type KeyProofRefused = DomainEvent<
  'KeyProofRefused',
  {
    readonly userId: UserId;
    readonly loginId: LoginId;
    readonly nameKey: string;
    readonly reason: KeyProofRefusalReason;
  }
>;

export type AuthenticationEvent =
  | AuthenticationStarted
  | ChallengeAnswered
  | AuthenticationSucceeded
  | AuthenticationFailed
  | PassRefused
  | KeyProofRefused;

export const authenticationEvents: EventSchemas<AuthenticationEvent> = {
  AuthenticationStarted: { version: 1 },
  ChallengeAnswered: { version: 1 },
  AuthenticationSucceeded: { version: 1 },
  AuthenticationFailed: { version: 1 },
  PassRefused: { version: 1 },
  KeyProofRefused: { version: 1 },
};
