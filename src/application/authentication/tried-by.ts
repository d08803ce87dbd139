import type { PendingAuthentication } from '../../domain/authentication/state.ts';
import type { Tried } from '../brute-force/guess-brake.ts';

/**
 * Whose answer is about to be checked, for the brake on guessing. An attempt waits once: at the first answer of somebody
 * whose name is known, so that a login with two factors is delayed no longer than one with a password alone. Whoever
 * guesses at a second factor begins anew each time, since one wrong answer ends an attempt.
 */
export function triedBy({ attempt, challenge, person }: PendingAuthentication, source: string): Tried {
  const { nameKey, userId, purpose } = attempt;
  // Sent to a provider without a name, they are known from the second answer on.
  const first = nameKey === null && purpose === 'login' ? 1 : 0;
  if (challenge > first) return { nameKey: null, userId: null, source };
  return { nameKey, userId: person ?? userId, source };
}
