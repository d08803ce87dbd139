import { describe, expect, test } from 'vitest';
import type { UseFreshFactor } from '../../../src/domain/authentication/commands.ts';
import { attemptMilliseconds, authenticationDecider } from '../../../src/domain/authentication/decider.ts';
import type { AuthenticationEvent } from '../../../src/domain/authentication/events.ts';
import { fold } from '../../../src/domain/kernel/decider.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { id, time } from '../kit/ids.ts';
import { ann, answered, ben, failed, fresh, linking, local, loginId, phone, started, succeeded } from './attempts.ts';

const given = deciderSpec(authenticationDecider);
const [token, otherToken] = [id('token', 1), id('token', 2)];
const shown: readonly AuthenticationEvent[] = [started(fresh), answered(0, 'oath', phone), succeeded(fresh, ['OATH'])];
const forToken = { purpose: 'pass', subjectId: token } as const;
const used: AuthenticationEvent = { type: 'FreshFactorUsed', data: forToken };
const use = (over: Partial<UseFreshFactor> = {}): UseFreshFactor => ({
  type: 'use-fresh-factor',
  userId: ann,
  loginId,
  use: forToken,
  mechanisms: ['OATH', 'RC'],
  at: time(1),
  ...over,
});

describe('a fresh factor', () => {
  test('makes one token, whoever asks how often', () => {
    given(...shown)
      .when(use())
      .thenEvents(used);
    given(...shown, used)
      .when(use())
      .thenNothing();
    given(...shown, used)
      .when(use({ use: { purpose: 'pass', subjectId: otherToken } }))
      .thenRejected('used');
    given(...shown, used)
      .when(use({ at: time(attemptMilliseconds) }))
      .thenNothing();
  });
  test('is of its person and login alone', () => {
    given(...shown)
      .when(use({ userId: ben }))
      .thenRejected('not-fresh');
    given(...shown)
      .when(use({ loginId: id('login', 2) }))
      .thenRejected('not-fresh');
  });
  test('counts until 5 minutes after it was begun', () => {
    given(...shown)
      .when(use({ at: time(attemptMilliseconds - 1) }))
      .thenEvents(used);
    given(...shown)
      .when(use({ at: time(attemptMilliseconds) }))
      .thenRejected('not-fresh');
    given(succeeded(fresh, ['OATH']))
      .when(use())
      .thenRejected('not-fresh');
  });
  test('has to be of a kind that is asked for', () => {
    given(...shown)
      .when(use({ mechanisms: ['WebAuthn', 'RC'] }))
      .thenRejected('other-factor');
    given(...shown)
      .when(use({ mechanisms: [] }))
      .thenRejected('other-factor');
  });
  test.each([
    ['nothing', []],
    ['an attempt that runs', [started(fresh)]],
    ['one that failed', [started(fresh), failed('wrong-answer')]],
    ['a login', [started(local), succeeded(local, ['UP', 'OATH'], { loginId })]],
    ['a link', [started(linking), succeeded(linking, ['OATH'])]],
  ] as const)('is not shown by %s', (_title, history) => {
    given(...history)
      .when(use())
      .thenRejected('not-fresh');
  });
  test('nothing comes after it, and it comes after nothing', () => {
    given(...shown, used)
      .when({ type: 'cancel' })
      .thenRejected('attempt-over');
    expect(fold(authenticationDecider, [started(fresh), used])).toMatchObject({ status: 'pending' });
  });
});
