import type { Decider, Decision } from '../kernel/decider.ts';
import { accept, reject } from '../kernel/decider.ts';
import { sameJson } from '../kernel/json.ts';
import { hasReached, plusMilliseconds } from '../kernel/time.ts';
import type { AdmitSession, IssueToken, RevokeToken, TokenCommand } from './commands.ts';
import type { TokenEvent } from './events.ts';
import type { TokenState } from './state.ts';
import { admittedAs, isLive } from './state.ts';

export type TokenCode =
  | 'already-issued'
  | 'invalid-ttl'
  | 'empty-scope'
  | 'unknown'
  | 'revoked'
  | 'expired'
  | 'wrong-user'
  | 'wrong-protocol'
  | 'wrong-target'
  | 'session-known';
type TokenDecision = Decision<TokenEvent, TokenCode>;

/** The longest a temporary token lives (CONTRACT.md, section 4). */
export const longestTokenMilliseconds = 8 * 3_600_000;

function issue({ token, ttlMilliseconds, at }: IssueToken, state: TokenState): TokenDecision {
  if (state.status !== 'absent') {
    if (sameJson(state.token, { ...token, expiresAt: state.token.expiresAt })) return accept();
    return reject('already-issued', 'another token stands under this id; issue one under a new id');
  }
  if (!Number.isSafeInteger(ttlMilliseconds) || ttlMilliseconds <= 0 || ttlMilliseconds > longestTokenMilliseconds) {
    return reject('invalid-ttl', `a token lives longer than zero and 8 hours at most, not ${ttlMilliseconds} ms`);
  }
  if (token.scope.protocols?.length === 0) {
    return reject('empty-scope', 'a token narrowed to no protocol opens nothing; name one, or leave protocols out');
  }
  const expiresAt = plusMilliseconds(at, ttlMilliseconds);
  return accept({ type: 'TemporaryTokenIssued', data: { ...token, expiresAt } });
}

function revoke({ reason, at }: RevokeToken, state: TokenState): TokenDecision {
  if (state.status === 'absent') return reject('unknown', 'there is no such token; nothing was revoked');
  if (!isLive(state, at)) return accept();
  const { userId, expiresAt } = state.token;
  return accept({ type: 'TemporaryTokenRevoked', data: { userId, reason, expiresAt } });
}

/** The law of this stream: no `SessionAdmitted` after the revocation, whoever asks and however often. */
function admit({ session, at }: AdmitSession, state: TokenState): TokenDecision {
  if (state.status === 'absent') return reject('unknown', 'there is no such token');
  if (state.status === 'revoked') return reject('revoked', 'this token was revoked; make a new one');
  const { userId, scope, expiresAt } = state.token;
  if (hasReached(at, expiresAt)) return reject('expired', `this token expired at ${expiresAt}; make a new one`);
  if (session.userId !== userId) return reject('wrong-user', 'this token belongs to another user');
  if (scope.protocols?.includes(session.protocol) === false) {
    return reject(
      'wrong-protocol',
      `this token is for ${scope.protocols.join(', ')} only, not for ${session.protocol}`,
    );
  }
  if (scope.targetId !== null && scope.targetId !== session.targetId) {
    return reject('wrong-target', 'this token is for another target only');
  }
  const known = admittedAs(state.sessions, session.sessionId);
  if (known === undefined) return accept({ type: 'SessionAdmitted', data: session });
  if (sameJson(known, session)) return accept();
  return reject('session-known', 'another session was admitted under this id; use a new id');
}

function decide(command: TokenCommand, state: TokenState): TokenDecision {
  switch (command.type) {
    case 'issue':
      return issue(command, state);
    case 'revoke':
      return revoke(command, state);
    case 'admit':
      return admit(command, state);
  }
}

function evolve(state: TokenState, event: TokenEvent): TokenState {
  if (event.type === 'TemporaryTokenIssued') return { status: 'issued', token: event.data, sessions: null };
  if (state.status !== 'issued') return state;
  if (event.type === 'TemporaryTokenRevoked') return { status: 'revoked', token: state.token };
  return { ...state, sessions: { admitted: event.data, before: state.sessions } };
}

/** A temporary token, the pass of the proxies. Its secret and what proves it stand elsewhere. */
export const tokenDecider: Decider<TokenState, TokenCommand, TokenEvent, TokenCode> = {
  initial: { status: 'absent' },
  decide,
  evolve,
};
