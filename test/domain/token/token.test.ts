import { expect, test } from 'vitest';
import { longestPassMilliseconds, type PassScope } from '../../../src/domain/kernel/pass.ts';
import type { IssueToken } from '../../../src/domain/token/commands.ts';
import { tokenDecider } from '../../../src/domain/token/decider.ts';
import type { TokenEvent } from '../../../src/domain/token/events.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { hour, id, time } from '../kit/ids.ts';

const given = deciderSpec(tokenDecider);
const everything: PassScope = { protocols: null, targetId: null };
const token = { userId: id('user'), loginId: id('login'), scope: everything };
const issue: IssueToken = { type: 'issue', token, ttlMilliseconds: hour, at: time() };
const issued: TokenEvent = { type: 'TemporaryTokenIssued', data: { ...token, expiresAt: time(hour) } };
const revoked: TokenEvent = {
  type: 'TemporaryTokenRevoked',
  data: { userId: id('user'), reason: 'owner', how: null, expiresAt: time(hour) },
};

test('a token is made once', () => {
  given().when(issue).thenEvents(issued);
  given(issued)
    .when({ ...issue, at: time(5) })
    .thenNothing();
  given(issued)
    .when({ ...issue, token: { ...token, loginId: id('login', 2) } })
    .thenRejected('already-issued');
  given(issued, revoked).when(issue).thenNothing();
});
test.each([0, -1, 0.5, longestPassMilliseconds + 1, Number.NaN, Number.POSITIVE_INFINITY])(
  'a token of %d ms is refused',
  (ttlMilliseconds) => {
    given()
      .when({ ...issue, ttlMilliseconds })
      .thenRejected('invalid-ttl');
  },
);
test('8 hours are the most', () => {
  expect(longestPassMilliseconds).toBe(8 * hour);
  given()
    .when({ ...issue, ttlMilliseconds: 8 * hour })
    .thenEvents({ type: 'TemporaryTokenIssued', data: { ...token, expiresAt: time(8 * hour) } });
});
test('a scope without protocol is refused', () => {
  given()
    .when({ ...issue, token: { ...token, scope: { protocols: [], targetId: null } } })
    .thenRejected('empty-scope');
});
