import type { Decider, Decision } from '../kernel/decider.ts';
import { accept, reject } from '../kernel/decider.ts';
import { sameJson } from '../kernel/json.ts';
import { admitOn, afterUse, mayLive, type PassCode, revokeBy } from '../kernel/pass.ts';
import { plusMilliseconds, spokenDuration } from '../kernel/time.ts';
import type { IssueToken, TokenCommand } from './commands.ts';
import type { TokenEvent } from './events.ts';
import type { TokenState } from './state.ts';

export type TokenCode = PassCode | 'already-issued' | 'empty-scope';
type TokenDecision = Decision<TokenEvent, TokenCode>;

function issue({ token, ttlMilliseconds, at }: IssueToken, state: TokenState): TokenDecision {
  if (state.status !== 'absent') {
    if (sameJson(state.pass, { ...token, expiresAt: state.pass.expiresAt })) return accept();
    return reject('already-issued', 'another token stands under this id; issue one under a new id');
  }
  if (!mayLive(ttlMilliseconds)) {
    return reject(
      'invalid-ttl',
      `a token lives longer than zero and 8 hours at most, not ${spokenDuration(ttlMilliseconds)}`,
    );
  }
  if (token.scope.protocols?.length === 0) {
    return reject('empty-scope', 'a token narrowed to no protocol opens nothing; name one, or leave protocols out');
  }
  const expiresAt = plusMilliseconds(at, ttlMilliseconds);
  return accept({ type: 'TemporaryTokenIssued', data: { ...token, expiresAt } });
}

function decide(command: TokenCommand, state: TokenState): TokenDecision {
  switch (command.type) {
    case 'issue':
      return issue(command, state);
    case 'revoke':
      return revokeBy('token', 'TemporaryTokenRevoked', command, state);
    case 'admit':
      return admitOn('token', command, state);
  }
}

function evolve(state: TokenState, event: TokenEvent): TokenState {
  if (event.type === 'TemporaryTokenIssued') return { status: 'issued', pass: event.data, sessions: null };
  return afterUse(state, event);
}

/** A temporary token, the pass of the proxies. Its secret and what proves it stand elsewhere. */
export const tokenDecider: Decider<TokenState, TokenCommand, TokenEvent, TokenCode> = {
  initial: { status: 'absent' },
  decide,
  evolve,
};
