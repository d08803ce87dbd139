import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StartAuthentication } from '../../../src/domain/authentication/commands.ts';
import { attemptMilliseconds, authenticationDecider } from '../../../src/domain/authentication/decider.ts';
import type {
  AuthenticationEvent,
  Challenge,
  KeyProofRefused,
  PassRefused,
} from '../../../src/domain/authentication/events.ts';
import type { UserId } from '../../../src/domain/kernel/ids.ts';
import { fold } from '../../../src/domain/kernel/decider.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { id, time } from '../kit/ids.ts';
import { answer } from './attempts.ts';

const given = deciderSpec(authenticationDecider);
const challenge = (...ids: readonly string[]): Challenge => ({
  mechanisms: ids.map((mechanism) => ({ id: mechanism, name: 'UP', answerType: 'Text', factorIds: [] })),
});
const attempt = {
  userId: id('user') as UserId | null,
  nameKey: 'key-ann',
  door: 'web',
  clientId: null,
  source: '127.0.0.1',
  provider: 'local',
  purpose: 'login',
  loginId: null,
  challenges: [challenge('a', 'b'), challenge('c')],
} as const;
const started = (change: Partial<typeof attempt> = {}): AuthenticationEvent => ({
  type: 'AuthenticationStarted',
  data: { ...attempt, ...change, expiresAt: time(attemptMilliseconds) },
});
const answered = (index: number, mechanismId: string, accepted: boolean): AuthenticationEvent => ({
  type: 'ChallengeAnswered',
  data: { challenge: index, mechanismId, accepted, factorId: null, passwordId: null },
});
const success = {
  clientId: null,
  door: 'web',
  provider: 'local',
  purpose: 'login',
  loginId: null,
  identityId: null,
} as const;
const succeeded: AuthenticationEvent = {
  type: 'AuthenticationSucceeded',
  data: { userId: id('user'), factors: ['UP', 'UP'], ...success },
};
const failed = (reason: 'cancelled' | 'wrong-answer' | 'unknown-user' | 'expired' | 'disabled' | 'must-change') =>
  ({
    type: 'AuthenticationFailed',
    data: { userId: reason === 'unknown-user' ? null : id('user'), reason, door: 'web', source: '127.0.0.1' },
  }) satisfies AuthenticationEvent;
const start: StartAuthentication = { type: 'start', attempt, at: time() };
const refusal: PassRefused['data'] = {
  userId: null,
  nameKey: null,
  door: 'ssh',
  source: '127.0.0.1',
  reason: 'no-match',
};
const refused: AuthenticationEvent = { type: 'PassRefused', data: refusal };

describe('a key that was not proven', () => {
  const unproven: KeyProofRefused['data'] = {
    userId: 'user-1',
    loginId: 'login-1',
    nameKey: 'digest',
    reason: 'bad-signature',
  };
  const noted: AuthenticationEvent = { type: 'KeyProofRefused', data: unproven };
  test('is noted once, under an id of its own', () => {
    given().when({ type: 'refuse-key-proof', refusal: unproven }).thenEvents(noted);
    given(noted).when({ type: 'refuse-key-proof', refusal: unproven }).thenNothing();
    given(noted)
      .when({ type: 'refuse-key-proof', refusal: { ...unproven, reason: 'missing' } })
      .thenRejected('already-started');
    given(refused).when({ type: 'refuse-key-proof', refusal: unproven }).thenRejected('already-started');
  });
});

describe('start', () => {
  test('opens an attempt for 5 minutes, once', () => {
    given().when(start).thenEvents(started());
    given(started())
      .when({ ...start, at: time(5) })
      .thenNothing();
    given(started())
      .when({ ...start, attempt: { ...attempt, source: '127.0.0.2' } })
      .thenRejected('already-started');
    given(started(), failed('cancelled')).when(start).thenRejected('attempt-over');
  });
  test.each([[[]], [[challenge()]], [[challenge('a'), challenge()]]])(
    'needs challenges with mechanisms',
    (challenges) => {
      given()
        .when({ type: 'start', attempt: { ...attempt, challenges }, at: time() })
        .thenRejected('no-challenge');
    },
  );
  test('needs an id of its own for each mechanism', () => {
    given()
      .when({ type: 'start', attempt: { ...attempt, challenges: [challenge('a'), challenge('a')] }, at: time() })
      .thenRejected('duplicate-mechanism');
  });
});

describe('answer', () => {
  test('all challenges in order lead in', () => {
    given(started())
      .when(answer('b'))
      .thenEvents(answered(0, 'b', true));
    given(started(), answered(0, 'b', true))
      .when(answer('c'))
      .thenEvents(answered(1, 'c', true), succeeded);
  });
  test('only a mechanism of the challenge to be met now counts', () => {
    given(started()).when(answer('c')).thenRejected('wrong-mechanism');
    given(started(), answered(0, 'a', true))
      .when(answer('b'))
      .thenRejected('wrong-mechanism');
    given(started()).when(answer('nobody')).thenRejected('wrong-mechanism');
  });
  test('a wrong answer ends it, at whichever challenge', () => {
    given(started())
      .when(answer('a', { verified: false }))
      .thenEvents(answered(0, 'a', false), failed('wrong-answer'));
    given(started(), answered(0, 'a', true))
      .when(answer('c', { verified: false }))
      .thenEvents(answered(1, 'c', false), failed('wrong-answer'));
  });
  test('a name nobody has fails like a wrong password, even when verified', () => {
    const unknown = started({ userId: null, challenges: [challenge('a')] } as unknown as Partial<typeof attempt>);
    given(unknown)
      .when(answer('a'))
      .thenEvents(answered(0, 'a', false), failed('unknown-user'));
  });
  test.each(['disabled', 'must-change'] as const)('%s is said after all challenges only', (userStanding) => {
    given(started())
      .when(answer('a', { userStanding }))
      .thenEvents(answered(0, 'a', true));
    given(started(), answered(0, 'a', true))
      .when(answer('c', { userStanding }))
      .thenEvents(answered(1, 'c', true), failed(userStanding));
    given(started(), answered(0, 'a', true))
      .when(answer('c', { userStanding, verified: false }))
      .thenEvents(answered(1, 'c', false), failed('wrong-answer'));
  });
  test('after 5 minutes it is too late', () => {
    given(started())
      .when(answer('a', { at: time(attemptMilliseconds - 1) }))
      .thenEvents(answered(0, 'a', true));
    given(started())
      .when(answer('a', { at: time(attemptMilliseconds) }))
      .thenEvents(failed('expired'));
  });
  test('nothing comes after the end or before the start', () => {
    given().when(answer('a')).thenRejected('absent');
    given(started(), answered(0, 'a', true), answered(1, 'c', true), succeeded)
      .when(answer('c'))
      .thenRejected('attempt-over');
    given(started(), failed('expired')).when(answer('a')).thenRejected('attempt-over');
    given(started(), failed('expired'), answered(0, 'a', true))
      .when(answer('c'))
      .thenRejected('attempt-over');
    given(refused).when(answer('a')).thenRejected('attempt-over');
  });
  test('a mechanism that is no longer known gives no factor', () => {
    given(started(), answered(0, 'gone', true))
      .when(answer('c'))
      .thenEvents(answered(1, 'c', true), {
        type: 'AuthenticationSucceeded',
        data: { userId: id('user'), factors: ['UP'], ...success },
      });
  });
});

describe('cancel', () => {
  test('ends an attempt once', () => {
    given().when({ type: 'cancel' }).thenRejected('absent');
    given(started()).when({ type: 'cancel' }).thenEvents(failed('cancelled'));
    given(started(), failed('cancelled')).when({ type: 'cancel' }).thenNothing();
    given(started(), failed('expired')).when({ type: 'cancel' }).thenRejected('attempt-over');
  });
});

describe('a refused pass', () => {
  test('is noted once, alone in its stream', () => {
    given().when({ type: 'refuse-pass', refusal }).thenEvents(refused);
    given(refused).when({ type: 'refuse-pass', refusal }).thenNothing();
    given(refused)
      .when({ type: 'refuse-pass', refusal: { ...refusal, reason: 'expired' } })
      .thenRejected('already-started');
    given(started()).when({ type: 'refuse-pass', refusal }).thenRejected('already-started');
  });
});

test('law: success means every challenge met in order, in time, by one who exists, without a wrong answer', () => {
  const answers = fc.array(
    fc.record({
      mechanismId: fc.constantFrom('a', 'b', 'c', 'x'),
      verified: fc.boolean(),
      userStanding: fc.constantFrom('active' as const, 'active' as const, 'disabled' as const, 'must-change' as const),
      at: fc.integer({ min: 0, max: attemptMilliseconds + 1_000 }).map(time),
    }),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(answers, fc.boolean(), (list, exists) => {
      const userId = exists ? id('user') : null;
      const history: AuthenticationEvent[] = [started({ userId })];
      for (const each of list) {
        const ended = history.some((event) => event.type.startsWith('AuthenticationS') && event !== history[0]);
        const state = fold(authenticationDecider, history);
        const decision = authenticationDecider.decide(answer(each.mechanismId, each), state);
        if (ended || history.some((event) => event.type === 'AuthenticationFailed')) {
          expect(decision).toMatchObject({ ok: false, rejection: { code: 'attempt-over' } });
        }
        if (!decision.ok) continue;
        history.push(...decision.events);
        if (history.at(-1)?.type === 'AuthenticationSucceeded') {
          expect(each.userStanding).toBe('active');
          expect(Date.parse(each.at)).toBeLessThan(Date.parse(time(attemptMilliseconds)));
        }
      }
      const right = history.flatMap((event) =>
        event.type === 'ChallengeAnswered' && event.data.accepted ? [event.data.challenge] : [],
      );
      const wrong = history.filter((event) => event.type === 'ChallengeAnswered' && !event.data.accepted).length;
      expect(right).toEqual([0, 1].slice(0, right.length));
      expect(wrong).toBeLessThanOrEqual(1);
      if (history.some((event) => event.type === 'AuthenticationSucceeded')) {
        expect(right).toEqual([0, 1]);
        expect(exists).toBe(true);
        expect(wrong).toBe(0);
      }
    }),
    { numRuns: 500 },
  );
});
