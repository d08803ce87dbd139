import type { AdmittedSessions, PassState, PassTerms } from '../kernel/pass.ts';
import { hasReached } from '../kernel/time.ts';
import type { LoginClosed, LoginOpened } from './events.ts';

export type LoginState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'open';
      readonly login: LoginOpened['data'];
      /** Those that were opened with the login itself as their pass. */
      readonly sessions: AdmittedSessions | null;
    }
  | { readonly status: 'closed'; readonly login: LoginOpened['data']; readonly closed: LoginClosed['data'] };

/** True while the login stands: opened, not closed, its absolute end not reached. */
export function isLive(state: LoginState, at: string): boolean {
  return state.status === 'open' && !hasReached(at, state.login.expiresAt);
}

/**
 * The login as a pass, for all that its person may reach. A login of the command line is none: its bearer lies in a file
 * for hours, and opens nothing but the interface that makes tokens.
 */
export function asPass(state: LoginState): PassState<PassTerms> {
  if (state.status === 'absent' || state.login.door !== 'web') return { status: 'absent' };
  const { userId, expiresAt } = state.login;
  const pass = { userId, scope: { protocols: null, targetId: null }, expiresAt };
  return state.status === 'open' ? { status: 'issued', pass, sessions: state.sessions } : { status: 'revoked', pass };
}
