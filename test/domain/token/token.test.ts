import { describe, expect, test } from 'vitest';
import { fold } from '../../../src/domain/kernel/decider.ts';
import type { AdmitSession, IssueToken } from '../../../src/domain/token/commands.ts';
import { longestTokenMilliseconds, tokenDecider } from '../../../src/domain/token/decider.ts';
import type { SessionAdmitted, TokenEvent, TokenScope } from '../../../src/domain/token/events.ts';
import { isLive } from '../../../src/domain/token/state.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { hour, id, time } from '../kit/ids.ts';

const given = deciderSpec(tokenDecider);
const everything: TokenScope = { protocols: null, targetId: null };
const token = { userId: id('user'), loginId: id('login'), scope: everything };
const issue: IssueToken = { type: 'issue', token, ttlMilliseconds: hour, at: time() };
const issued = (scope: TokenScope = everything): TokenEvent => ({
  type: 'TemporaryTokenIssued',
  data: { ...token, scope, expiresAt: time(hour) },
});
const revoked: TokenEvent = {
  type: 'TemporaryTokenRevoked',
  data: { userId: id('user'), reason: 'owner', expiresAt: time(hour) },
};
const session = (number: number): SessionAdmitted['data'] => ({
  sessionId: id('session', number),
  userId: id('user'),
  targetId: id('target'),
  accountId: id('account'),
  protocol: 'ssh',
  entitlement: { id: id('entitlement'), version: 3 },
  policyVersion: 'digest',
  dialect: 'sallyport-cel-1',
  claimsDigest: 'digest',
  source: '127.0.0.1',
});
const admitted = (number: number): TokenEvent => ({ type: 'SessionAdmitted', data: session(number) });
const admit = (number: number, change: Partial<SessionAdmitted['data']> = {}, at = time(1)): AdmitSession => ({
  type: 'admit',
  session: { ...session(number), ...change },
  at,
});

describe('issue', () => {
  test('makes a token once', () => {
    given().when(issue).thenEvents(issued());
    given(issued())
      .when({ ...issue, at: time(5) })
      .thenNothing();
    given(issued())
      .when({ ...issue, token: { ...token, loginId: id('login', 2) } })
      .thenRejected('already-issued');
    given(issued(), revoked).when(issue).thenNothing();
  });
  test.each([0, -1, 0.5, longestTokenMilliseconds + 1, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses a life of %d ms',
    (ttlMilliseconds) => {
      given()
        .when({ ...issue, ttlMilliseconds })
        .thenRejected('invalid-ttl');
    },
  );
  test('8 hours are the most', () => {
    given()
      .when({ ...issue, ttlMilliseconds: 8 * hour })
      .thenEvents({ type: 'TemporaryTokenIssued', data: { ...token, expiresAt: time(8 * hour) } });
  });
  test('refuses a scope without protocol', () => {
    given()
      .when({ ...issue, token: { ...token, scope: { protocols: [], targetId: null } } })
      .thenRejected('empty-scope');
  });
});

describe('revoke', () => {
  test('ends a token once, and not one that has ended', () => {
    given().when({ type: 'revoke', reason: 'owner', at: time() }).thenRejected('unknown');
    given(issued())
      .when({ type: 'revoke', reason: 'owner', at: time(1) })
      .thenEvents(revoked);
    given(issued(), revoked)
      .when({ type: 'revoke', reason: 'administrator', at: time(1) })
      .thenNothing();
    given(issued())
      .when({ type: 'revoke', reason: 'owner', at: time(hour) })
      .thenNothing();
    given(revoked).when({ type: 'revoke', reason: 'owner', at: time() }).thenRejected('unknown');
  });
});

describe('admit', () => {
  test('opens any number of sessions, each once', () => {
    given(issued()).when(admit(1)).thenEvents(admitted(1));
    given(issued(), admitted(1)).when(admit(2)).thenEvents(admitted(2));
    given(issued(), admitted(1), admitted(2)).when(admit(1)).thenNothing();
    given(issued(), admitted(1), admitted(2))
      .when(admit(1, { accountId: id('account', 2) }))
      .thenRejected('session-known');
  });
  test('refuses what is unknown, revoked or expired', () => {
    given().when(admit(1)).thenRejected('unknown');
    given(issued(), revoked).when(admit(1)).thenRejected('revoked');
    given(issued(), admitted(1), revoked).when(admit(1)).thenRejected('revoked');
    given(issued())
      .when(admit(1, {}, time(hour - 1)))
      .thenEvents(admitted(1));
    given(issued())
      .when(admit(1, {}, time(hour)))
      .thenRejected('expired');
  });
  test('refuses another user', () => {
    given(issued())
      .when(admit(1, { userId: id('user', 2) }))
      .thenRejected('wrong-user');
  });
  test('refuses what is out of scope', () => {
    const narrow = issued({ protocols: ['ssh', 'mysql'], targetId: id('target') });
    given(narrow).when(admit(1)).thenEvents(admitted(1));
    given(narrow)
      .when(admit(1, { protocol: 'rdp' }))
      .thenRejected('wrong-protocol');
    given(narrow)
      .when(admit(1, { targetId: id('target', 2) }))
      .thenRejected('wrong-target');
  });
});

test('a token is live from issue to revocation or end', () => {
  expect(isLive(fold(tokenDecider, []), time())).toBe(false);
  expect(isLive(fold(tokenDecider, [issued()]), time(hour - 1))).toBe(true);
  expect(isLive(fold(tokenDecider, [issued()]), time(hour))).toBe(false);
  expect(isLive(fold(tokenDecider, [issued(), revoked]), time(1))).toBe(false);
});
