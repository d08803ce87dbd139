import type { FactorId, IdentityId, LoginId, UserId } from '../kernel/ids.ts';
import type { IdentityStanding } from '../kernel/standing.ts';
import type {
  AuthenticationStarted,
  Challenge,
  FreshFactorUse,
  KeyProofRefused,
  MechanismName,
  PassRefused,
} from './events.ts';

/** `userId` is null for a name nobody has; the challenges are those of an ordinary user, so that nothing shows. */
export type StartAuthentication = {
  readonly type: 'start';
  readonly attempt: Omit<AuthenticationStarted['data'], 'expiresAt'>;
  readonly at: string;
};
/** An address to go to or a challenge to sign is given out under `roundId`. */
export type BeginMechanism = {
  readonly type: 'begin';
  readonly mechanismId: string;
  readonly roundId: string;
  readonly at: string;
};
/**
 * What providers and streams say, as facts, when the answer comes in; `verified` of a factor includes that its use was
 * appended to the stream of the factor.
 */
export type AnswerChallenge = {
  readonly type: 'answer';
  readonly mechanismId: string;
  /** What the answer is to; null for mechanisms that need nothing of ours. */
  readonly roundId: string | null;
  readonly verified: boolean;
  /** Whom a provider other than the local one named. */
  readonly identity: {
    readonly identityId: IdentityId;
    readonly provider: string;
    readonly linkedTo: UserId | null;
  } | null;
  /** Names the sealed hash that a local password was checked against. */
  readonly passwordId: string | null;
  readonly factor: { readonly factorId: FactorId; readonly userId: UserId } | null;
  readonly userStanding: 'active' | 'disabled' | 'must-change';
  /** Of the identity that the attempt rests on, as its provider sees it now; null: there is none, or its link is gone. */
  readonly identityStanding: IdentityStanding | null;
  /** What the policy asks of the person on top; null: it could not be asked. */
  readonly required: readonly Challenge[] | null;
  readonly at: string;
};
export type CancelAuthentication = { readonly type: 'cancel' };
/** What asks for a fresh factor rests on this attempt, by one of these mechanisms. */
export type UseFreshFactor = {
  readonly type: 'use-fresh-factor';
  readonly userId: UserId;
  readonly loginId: LoginId;
  readonly use: FreshFactorUse;
  readonly mechanisms: readonly MechanismName[];
  readonly at: string;
};
/** A pass that was shown at a door and not taken: a stream of its own, with nothing else in it. */
export type RefusePass = { readonly type: 'refuse-pass'; readonly refusal: PassRefused['data'] };
/** A public key that its person did not prove: a stream of its own as well. */
export type RefuseKeyProof = { readonly type: 'refuse-key-proof'; readonly refusal: KeyProofRefused['data'] };

export type AuthenticationCommand =
  | StartAuthentication
  | BeginMechanism
  | AnswerChallenge
  | CancelAuthentication
  | UseFreshFactor
  | RefusePass
  | RefuseKeyProof;
