import type { AuthenticationStarted, KeyProofRefused, PassRefused } from './events.ts';

/** `userId` is null for a name nobody has; the challenges are those of an ordinary user, so that nothing shows. */
export type StartAuthentication = {
  readonly type: 'start';
  readonly attempt: Omit<AuthenticationStarted['data'], 'expiresAt'>;
  readonly at: string;
};
/** What a provider found, as a fact; `userStanding` is read from the user's stream when the answer comes in. */
export type AnswerChallenge = {
  readonly type: 'answer';
  readonly mechanismId: string;
  readonly verified: boolean;
  readonly userStanding: 'active' | 'disabled' | 'must-change';
  readonly at: string;
};
export type CancelAuthentication = { readonly type: 'cancel' };
/** A pass that was shown at a door and not taken: a stream of its own, with nothing else in it. */
export type RefusePass = { readonly type: 'refuse-pass'; readonly refusal: PassRefused['data'] };
/** A public key that its person did not prove: a stream of its own as well. */
export type RefuseKeyProof = { readonly type: 'refuse-key-proof'; readonly refusal: KeyProofRefused['data'] };

export type AuthenticationCommand =
  | StartAuthentication
  | AnswerChallenge
  | CancelAuthentication
  | RefusePass
  | RefuseKeyProof;
