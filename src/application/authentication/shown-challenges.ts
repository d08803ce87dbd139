import type { Challenge } from '../../domain/authentication/events.ts';
import type { ShownChallenge } from '../ports/login-face.ts';

/** Challenges as a stranger may see them. */
export function shownChallenges(challenges: readonly Challenge[]): readonly ShownChallenge[] {
  return challenges.map(({ mechanisms }) => ({
    mechanisms: mechanisms.map(({ id, name, answerType }) => ({ id, name, answerType })),
  }));
}
