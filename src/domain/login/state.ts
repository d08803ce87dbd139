import { hasReached } from '../kernel/time.ts';
import type { LoginClosed, LoginOpened } from './events.ts';

export type LoginState =
  | { readonly status: 'absent' }
  | { readonly status: 'open'; readonly login: LoginOpened['data'] }
  | { readonly status: 'closed'; readonly login: LoginOpened['data']; readonly closed: LoginClosed['data'] };

/** True while the login stands: opened, not closed, its absolute end not reached. */
export function isLive(state: LoginState, at: string): boolean {
  return state.status === 'open' && !hasReached(at, state.login.expiresAt);
}
