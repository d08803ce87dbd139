import type { Door } from '../kernel/door.ts';
import type { UserId } from '../kernel/ids.ts';
import { hasReached } from '../kernel/time.ts';
import { nameFactor } from './challenges.ts';
import type { AuthenticationState } from './state.ts';

/**
 * Whether the login of this door was opened by a second factor less than 5 minutes ago, from the beginning of the attempt.
 * A login that one at another door let in rests on the same attempt, and showed nothing itself.
 */
export function wasRecentlyShown(
  state: AuthenticationState,
  { userId, door, at }: { readonly userId: UserId; readonly door: Door; readonly at: string },
): boolean {
  if (state.status !== 'succeeded' || state.until === null) return false;
  const { success, until } = state;
  if (success.purpose !== 'login' || success.userId !== userId || success.door !== door) return false;
  return nameFactor(success.factors) && !hasReached(at, until);
}
