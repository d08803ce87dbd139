import type { Door } from '../kernel/door.ts';
import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { FactorId, IdentityId, KeyId, LoginId, TokenId, UserId } from '../kernel/ids.ts';
import type { IdentityStanding } from '../kernel/standing.ts';

/** How a mechanism takes its answer (centrify-secure-remote-access: `AnswerType`). */
export type AnswerType = 'Text' | 'StartTextOob' | 'StartOob';

/**
 * The short name of a mechanism: UP user password, OATH a TOTP code, RC recovery code, IDP a redirect to the provider.
 * IDP and WebAuthn need something of ours first (an address, a challenge to sign): `MechanismBegun`.
 */
export type MechanismName = 'UP' | 'OATH' | 'WebAuthn' | 'RC' | 'IDP';

/** One way to answer a challenge. */
export interface Mechanism {
  readonly id: string;
  readonly name: MechanismName;
  readonly answerType: AnswerType;
  /** The factors of the person that may answer; none for UP and IDP. */
  readonly factorIds: readonly FactorId[];
}

/** Any one mechanism of a challenge meets it; all challenges must be met, in order. */
export interface Challenge {
  readonly mechanisms: readonly Mechanism[];
}

/** What it is for. `fresh-factor` and `link` are of somebody logged in, and open no login. */
export type AuthenticationPurpose = 'login' | 'fresh-factor' | 'link';

/** The provider of users that have their password here. */
export const localProvider = 'local';

/**
 * `userId` is null for a name nobody has, and at a provider for somebody still to be known; `nameKey` is null when no
 * name was typed. At the local provider an attempt for a name nobody has runs on and fails like a wrong password.
 */
export type AuthenticationStarted = DomainEvent<
  'AuthenticationStarted',
  {
    readonly userId: UserId | null;
    readonly nameKey: string | null;
    readonly door: Door;
    readonly clientId: string | null;
    readonly source: string;
    /** `local`, or the name of the IdentityProvider resource. */
    readonly provider: string;
    readonly purpose: AuthenticationPurpose;
    /** The login that asks for a fresh factor or a link. */
    readonly loginId: LoginId | null;
    readonly challenges: readonly Challenge[];
    readonly expiresAt: string;
  }
>;
/** `roundId` names what was given out to be answered, sealed elsewhere; only the newest of an attempt counts. */
export type MechanismBegun = DomainEvent<
  'MechanismBegun',
  { readonly challenge: number; readonly mechanismId: string; readonly roundId: string }
>;
export type ChallengeAnswered = DomainEvent<
  'ChallengeAnswered',
  {
    readonly challenge: number;
    readonly mechanismId: string;
    readonly accepted: boolean;
    readonly factorId: FactorId | null;
    /** Names the sealed hash that a local password was checked against. */
    readonly passwordId: string | null;
  }
>;
/** The provider said who it is; `userId` is null while the identity is linked to nobody. */
export type AuthenticationIdentified = DomainEvent<
  'AuthenticationIdentified',
  { readonly userId: UserId | null; readonly identityId: IdentityId }
>;
/** What the policy asks of this person on top, known once the person is. */
export type ChallengesAppended = DomainEvent<'ChallengesAppended', { readonly challenges: readonly Challenge[] }>;
export type AuthenticationSucceeded = DomainEvent<
  'AuthenticationSucceeded',
  {
    readonly userId: UserId;
    readonly factors: readonly string[];
    readonly clientId: string | null;
    readonly door: Door;
    readonly provider: string;
    readonly purpose: AuthenticationPurpose;
    readonly loginId: LoginId | null;
    /** What the login rests on, or what is to be linked; null: the local password. */
    readonly identityId: IdentityId | null;
  }
>;
/** What one showing of a fresh factor is good for: a pass that is made, or a factor that is enrolled or removed. */
export type FreshFactorUse =
  | { readonly purpose: 'pass'; readonly subjectId: TokenId | KeyId }
  | { readonly purpose: 'enrolment' | 'removal'; readonly subjectId: FactorId };
/** The event stands before that of what it was used for. */
export type FreshFactorUsed = DomainEvent<'FreshFactorUsed', FreshFactorUse>;
export type AuthenticationFailureReason =
  | 'wrong-answer'
  | 'unknown-user'
  | 'disabled'
  | 'must-change'
  | 'expired'
  | 'cancelled'
  /** The provider knows the person as somebody else than the attempt began with (security rule A6). */
  | 'other-person'
  | 'linked-elsewhere'
  | 'not-linked'
  /** The policy asks for a factor that the person does not have, or could not be asked. */
  | 'no-factor'
  | 'no-policy'
  | `identity-${Exclude<IdentityStanding, 'active'>}`;
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
  /** Nothing from this network was looked at: too many failures, or too many at once. Of tickets: nothing of this person's is from here on, for a minute. */
  | 'too-many'
  | 'unavailable'
  /** A ticket for a terminal in the browser: none of ours or forgotten, or shown twice, too late, or by another login. */
  | 'ticket-unknown'
  | 'ticket-used'
  | 'ticket-late'
  | 'ticket-foreign';
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
  | MechanismBegun
  | ChallengeAnswered
  | AuthenticationIdentified
  | ChallengesAppended
  | AuthenticationSucceeded
  | FreshFactorUsed
  | AuthenticationFailed
  | PassRefused
  | KeyProofRefused;

type Data = Record<string, unknown>;

/** Mechanisms of version 1 were passwords. */
function withoutFactors(challenges: unknown): unknown {
  return (challenges as readonly { readonly mechanisms: readonly Data[] }[]).map(({ mechanisms }) => ({
    mechanisms: mechanisms.map((mechanism) => ({ ...mechanism, factorIds: [] })),
  }));
}

// Version 1 knew the local password alone, and logins alone.
const localLogin = { provider: localProvider, purpose: 'login', loginId: null };
const upcasts = {
  started: (data: Data): Data => ({ ...data, ...localLogin, challenges: withoutFactors(data.challenges) }),
  answered: (data: Data): Data => ({ ...data, factorId: null, passwordId: null }),
  succeeded: (data: Data): Data => ({ ...data, ...localLogin, identityId: null }),
};

export const authenticationEvents: EventSchemas<AuthenticationEvent> = {
  AuthenticationStarted: { version: 2, upcasts: { 1: upcasts.started } },
  MechanismBegun: { version: 1 },
  ChallengeAnswered: { version: 2, upcasts: { 1: upcasts.answered } },
  AuthenticationIdentified: { version: 1 },
  ChallengesAppended: { version: 1 },
  AuthenticationSucceeded: { version: 2, upcasts: { 1: upcasts.succeeded } },
  FreshFactorUsed: { version: 1 },
  AuthenticationFailed: { version: 1 },
  PassRefused: { version: 1 },
  KeyProofRefused: { version: 1 },
};
