import type { KeyId, LoginId, UserId } from '../../domain/kernel/ids.ts';

/** For whom and what a challenge is: the login that asked, its person, and the key by its fingerprint. */
export interface ChallengeBinding {
  readonly loginId: LoginId;
  readonly userId: UserId;
  readonly fingerprint: string;
}

/** What a challenge says. `keyId` is the id that the pass will have, which makes the challenge good for one pass only. */
export interface KeyChallenge {
  readonly keyId: KeyId;
  /** ISO 8601 UTC with milliseconds. */
  readonly expiresAt: string;
}

/** Challenges that a key signs to prove that its private half is at hand. Nothing is kept: each carries its own seal. */
export interface KeyChallenges {
  /** One line of ASCII without spaces. */
  write(challenge: KeyChallenge, binding: ChallengeBinding): string;
  /** Null unless this installation wrote exactly this text for exactly this binding. Does not look at the clock. */
  read(text: string, binding: ChallengeBinding): KeyChallenge | null;
}
