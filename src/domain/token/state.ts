import { hasReached } from '../kernel/time.ts';
import type { SessionAdmitted, TemporaryTokenIssued } from './events.ts';

/** The sessions admitted, newest first: a list that grows without copying, since a token serves any number. */
export interface AdmittedSessions {
  readonly admitted: SessionAdmitted['data'];
  readonly before: AdmittedSessions | null;
}

export type TokenState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'issued';
      readonly token: TemporaryTokenIssued['data'];
      readonly sessions: AdmittedSessions | null;
    }
  | { readonly status: 'revoked'; readonly token: TemporaryTokenIssued['data'] };

/** True while the token opens sessions: issued, not revoked, its end not reached. */
export function isLive(state: TokenState, at: string): boolean {
  return state.status === 'issued' && !hasReached(at, state.token.expiresAt);
}

/** What was admitted under this session id, if anything. */
export function admittedAs(
  sessions: AdmittedSessions | null,
  sessionId: SessionAdmitted['data']['sessionId'],
): SessionAdmitted['data'] | undefined {
  for (let rest = sessions; rest !== null; rest = rest.before) {
    if (rest.admitted.sessionId === sessionId) return rest.admitted;
  }
  return undefined;
}
