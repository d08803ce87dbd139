import { describe, expect, test } from 'vitest';
import type {
  AnswerChallenge,
  BeginMechanism,
  StartAuthentication,
} from '../../../src/domain/authentication/commands.ts';
import { attemptMilliseconds, authenticationDecider } from '../../../src/domain/authentication/decider.ts';
import {
  type AuthenticationEvent,
  authenticationEvents,
  type Challenge,
} from '../../../src/domain/authentication/events.ts';
import { fold } from '../../../src/domain/kernel/decider.ts';
import { upcast } from '../../../src/domain/kernel/upcast.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { time } from '../kit/ids.ts';
import {
  ann,
  answer,
  answered,
  appended,
  atProvider,
  begun,
  ben,
  by,
  code,
  failed,
  fresh,
  identified,
  identityId,
  idp,
  key,
  linking,
  local,
  loginId,
  named,
  oath,
  otherIdentity,
  phone,
  started,
  stick,
  succeeded,
  up,
  wrong,
  type Attempt,
} from './attempts.ts';

const given = deciderSpec(authenticationDecider);

describe('what an attempt may be for', () => {
  const start = (attempt: Attempt): StartAuthentication => ({ type: 'start', attempt, at: time() });
  test.each([atProvider, local, fresh, linking])('$purpose at $provider', (attempt) => {
    given().when(start(attempt)).thenEvents(started(attempt));
  });
  test.each<Attempt>([
    { ...local, loginId },
    { ...fresh, userId: null },
    { ...fresh, loginId: null },
    { ...linking, userId: null },
    { ...linking, loginId: null },
    { ...fresh, challenges: [up] },
    { ...fresh, challenges: [oath, up] },
    { ...local, challenges: [oath] },
    { ...linking, challenges: [oath] },
  ])('a fresh factor and a link are of somebody logged in, and only factors are fresh: $purpose', (attempt) => {
    given().when(start(attempt)).thenRejected('wrong-purpose');
  });
  test.each<Attempt>([
    { ...linking, provider: 'local', challenges: [up] },
    { ...local, challenges: [up, idp] },
  ])('the local provider has nothing to link and no address: $purpose', (attempt) => {
    given().when(start(attempt)).thenRejected('wrong-provider');
  });
  test('a factor mechanism without a factor can not be met', () => {
    given()
      .when(start({ ...fresh, challenges: [by('OATH', 'oath')] }))
      .thenRejected('no-challenge');
  });
});

describe('what is given out to be answered', () => {
  const begin = (roundId: string, change: Partial<BeginMechanism> = {}): BeginMechanism => ({
    type: 'begin',
    mechanismId: 'idp',
    roundId,
    at: time(1),
    ...change,
  });
  test('is noted once, by a running attempt, in time', () => {
    given().when(begin('r1')).thenRejected('absent');
    given(started(atProvider)).when(begin('r1')).thenEvents(begun());
    given(started(atProvider), begun()).when(begin('r1')).thenNothing();
    given(started(atProvider), failed('expired')).when(begin('r1')).thenRejected('attempt-over');
    given(started(atProvider))
      .when(begin('r1', { at: time(attemptMilliseconds) }))
      .thenEvents(failed('expired', null));
  });
  test('belongs to the challenge to be met now, and to a mechanism that needs it', () => {
    given(started(atProvider))
      .when(begin('r1', { mechanismId: 'key' }))
      .thenRejected('wrong-mechanism');
    given(started(local))
      .when(begin('r1', { mechanismId: 'up' }))
      .thenRejected('nothing-to-begin');
  });
  test('is given out ten times in an attempt', () => {
    const rounds = Array.from({ length: 10 }, (_, index) => begun(0, 'idp', `r${index}`));
    given(started(atProvider), ...rounds.slice(1))
      .when(begin('r0'))
      .thenEvents(begun(0, 'idp', 'r0'));
    given(started(atProvider), ...rounds)
      .when(begin('r11'))
      .thenRejected('too-many-rounds');
  });
  test.each([null, 'r2'])('is answered, and nothing else is: %s', (roundId) => {
    given(started(atProvider)).when(named({ roundId })).thenRejected('not-begun');
    given(started(atProvider), begun()).when(named({ roundId })).thenRejected('not-begun');
  });
  test('is answered for its newest round and its own mechanism alone', () => {
    given(started(atProvider), begun(), begun(0, 'idp', 'r2'))
      .when(named())
      .thenRejected('not-begun');
    given(started({ ...fresh, challenges: [key] }), begun(0, 'idp', 'r1'))
      .when(answer('key', { roundId: 'r1', factor: { factorId: stick, userId: ann } }))
      .thenRejected('not-begun');
    given(started({ ...fresh, challenges: [key] }))
      .when(answer('key', { factor: { factorId: stick, userId: ann } }))
      .thenRejected('not-begun');
  });
});

describe('a login at a provider', () => {
  const running = [started(atProvider), begun()];
  test('is of whom the provider named', () => {
    given(...running)
      .when(named())
      .thenEvents(answered(0, 'idp'), identified(), succeeded(atProvider, ['IDP'], { identityId }));
  });
  test('takes no answer without a person, or of another provider', () => {
    for (const identity of [null, { identityId, provider: 'other', linkedTo: ann }]) {
      given(...running)
        .when(named({ identity }))
        .thenEvents(wrong(0, 'idp'), failed('wrong-answer', null));
    }
    given(...running)
      .when(named({ verified: false }))
      .thenEvents(wrong(0, 'idp'), failed('wrong-answer', null));
  });
  test('of somebody linked to no user does not lead in, also under a taken name', () => {
    given(...running)
      .when(named({}, null))
      .thenEvents(answered(0, 'idp'), identified(null), failed('not-linked', null));
    given(started({ ...atProvider, userId: ann }), begun())
      .when(named({ required: [oath] }, null))
      .thenEvents(answered(0, 'idp'), identified(null), failed('not-linked'));
  });
  test('ends as the one it began with (A6)', () => {
    given(started({ ...atProvider, userId: ben }), begun())
      .when(named())
      .thenEvents(wrong(0, 'idp'), failed('other-person', ben));
    const twice = { ...atProvider, challenges: [idp, by('UP', 'up')] };
    const identity = { identityId: otherIdentity, provider: 'corp', linkedTo: ann };
    given(started(twice), begun(), answered(0, 'idp'), identified())
      .when(answer('up', { identity, identityStanding: 'active' }))
      .thenEvents(wrong(1, 'up'), failed('other-person'));
  });
  test.each(['disabled', 'expired', 'locked', 'must-change', 'gone'] as const)(
    'of somebody %s there does not lead in, and says so after all challenges only',
    (identityStanding) => {
      given(...running)
        .when(named({ identityStanding }))
        .thenEvents(answered(0, 'idp'), identified(), failed(`identity-${identityStanding}`));
      given(...running)
        .when(named({ identityStanding, required: [oath] }))
        .thenEvents(answered(0, 'idp'), identified(), appended(oath));
      given(...running, answered(0, 'idp'), identified(), appended(oath))
        .when(code({ identityStanding }))
        .thenEvents(answered(1, 'oath', phone), failed(`identity-${identityStanding}`));
    },
  );
  test('of somebody whose link was taken off meanwhile does not lead in', () => {
    given(...running, answered(0, 'idp'), identified(), appended(oath))
      .when(code())
      .thenEvents(answered(1, 'oath', phone), failed('identity-gone'));
  });
  test('of a user disabled here does not lead in; a local password to be changed is no matter', () => {
    given(...running)
      .when(named({ userStanding: 'disabled' }))
      .thenEvents(answered(0, 'idp'), identified(), failed('disabled'));
    given(...running)
      .when(named({ userStanding: 'must-change' }))
      .thenEvents(answered(0, 'idp'), identified(), succeeded(atProvider, ['IDP'], { identityId }));
  });
  test('a local login takes nobody from elsewhere', () => {
    given(started(local))
      .when(answer('up', { identity: { identityId, provider: 'local', linkedTo: ben } }))
      .thenEvents(wrong(0, 'up'), failed('wrong-answer'));
  });
});

describe('what the policy asks on top', () => {
  test('comes once the person is known, and once', () => {
    given(started(local))
      .when(answer('up', { required: [oath, key] }))
      .thenEvents(answered(0, 'up'), appended(oath, key));
    given(started(atProvider), begun())
      .when(named({ required: [oath] }))
      .thenEvents(answered(0, 'idp'), identified(), appended(oath));
    given(started(local), answered(0, 'up'), appended(oath))
      .when(code({ required: [key] }))
      .thenEvents(answered(1, 'oath', phone), succeeded(local, ['UP', 'OATH']));
  });
  test('comes when all challenges of the start are met, not before', () => {
    given(started({ ...local, challenges: [up, by('UP', 'up-2')] }))
      .when(answer('up', { required: [oath] }))
      .thenEvents(answered(0, 'up'));
  });
  test('has to be known', () => {
    given(started(local))
      .when(answer('up', { required: null }))
      .thenEvents(answered(0, 'up'), failed('no-policy'));
    given(started(local), answered(0, 'up'), appended(oath))
      .when(code({ required: null }))
      .thenEvents(answered(1, 'oath', phone), succeeded(local, ['UP', 'OATH']));
  });
  test.each<readonly Challenge[]>([
    [{ mechanisms: [] }],
    [by('OATH', 'oath')],
    [by('OATH', 'up', phone)],
    [oath, oath],
    [by('UP', 'again')],
  ])('is not skipped when nobody could meet it', (...required) => {
    given(started(local)).when(answer('up', { required })).thenEvents(answered(0, 'up'), failed('no-factor'));
  });
  test('of somebody disabled, the standing is what is said', () => {
    given(started(local))
      .when(answer('up', { required: [by('OATH', 'oath')], userStanding: 'disabled' }))
      .thenEvents(answered(0, 'up'), failed('disabled'));
    given(started(local))
      .when(answer('up', { required: [oath], userStanding: 'disabled' }))
      .thenEvents(answered(0, 'up'), appended(oath));
  });
});

describe('a factor', () => {
  const asked = [started(local), answered(0, 'up'), appended(oath)];
  test('leads in when it is right', () => {
    given(...asked)
      .when(code())
      .thenEvents(answered(1, 'oath', phone), succeeded(local, ['UP', 'OATH']));
  });
  test.each<Partial<AnswerChallenge>>([
    { verified: false },
    { factor: null },
    { factor: { factorId: stick, userId: ann } },
    { factor: { factorId: phone, userId: ben } },
    { identity: { identityId, provider: 'local', linkedTo: ann } },
  ])('is of that person and of those asked for: %o', (change) => {
    given(...asked)
      .when(code(change))
      .thenEvents(wrong(1, 'oath'), failed('wrong-answer'));
  });
  test('of nobody known does not count', () => {
    const early = { ...atProvider, userId: ann, challenges: [idp, oath] };
    given(started(early), begun(), answered(0, 'idp'), identified(null))
      .when(code())
      .thenEvents(wrong(1, 'oath'), failed('wrong-answer'));
  });
  test('does not make a typed name somebody at a provider', () => {
    given(started({ ...atProvider, userId: ann, challenges: [oath] }))
      .when(code())
      .thenEvents(wrong(0, 'oath'), failed('wrong-answer'));
  });
  test('counts once in an attempt', () => {
    given(started(local), answered(0, 'up'), appended(oath, by('OATH', 'oath-2', phone)), answered(1, 'oath', phone))
      .when(answer('oath-2', { factor: { factorId: phone, userId: ann } }))
      .thenEvents(wrong(2, 'oath-2'), failed('wrong-answer'));
  });
  test('comes after what was asked before it', () => {
    given(started(local)).when(code()).thenRejected('wrong-mechanism');
    given(started(local), answered(0, 'up'), appended(oath, key))
      .when(answer('key', { factor: { factorId: stick, userId: ann } }))
      .thenRejected('wrong-mechanism');
  });
  test('that is fresh is enough for what asked for it, and a login is not', () => {
    given(started(fresh))
      .when(code({ required: null }))
      .thenEvents(answered(0, 'oath', phone), succeeded(fresh, ['OATH']));
    given(started({ ...fresh, provider: 'corp' }))
      .when(code({ identityStanding: 'disabled' }))
      .thenEvents(answered(0, 'oath', phone), failed('identity-disabled'));
    given(started(fresh))
      .when(code({ userStanding: 'disabled' }))
      .thenEvents(answered(0, 'oath', phone), failed('disabled'));
  });
});

test('which password was right is noted, and nothing of a wrong one', () => {
  const facts = { passwordId: 'secret-1', factor: { factorId: phone, userId: ann } };
  given(started(local))
    .when(answer('up', facts))
    .thenEvents(
      {
        type: 'ChallengeAnswered',
        data: { challenge: 0, mechanismId: 'up', accepted: true, factorId: null, passwordId: 'secret-1' },
      },
      succeeded(local, ['UP']),
    );
  given(started(local))
    .when(answer('up', { ...facts, verified: false }))
    .thenEvents(wrong(0, 'up'), failed('wrong-answer'));
  given(started(fresh))
    .when(code({ passwordId: 'secret-1' }))
    .thenEvents(answered(0, 'oath', phone), succeeded(fresh, ['OATH']));
});

describe('a link', () => {
  test('is proven at the provider by somebody logged in', () => {
    for (const linkedTo of [null, ann]) {
      given(started(linking), begun())
        .when(named({}, linkedTo))
        .thenEvents(answered(0, 'idp'), identified(linkedTo), succeeded(linking, ['IDP'], { identityId }));
    }
  });
  test('takes nobody who is somebody else here', () => {
    given(started(linking), begun()).when(named({}, ben)).thenEvents(wrong(0, 'idp'), failed('linked-elsewhere'));
  });
  test('asks the factors of the one who is logged in', () => {
    given(started(linking), begun())
      .when(named({ required: [oath] }, null))
      .thenEvents(answered(0, 'idp'), identified(null), appended(oath));
    given(started(linking), begun(), answered(0, 'idp'), identified(null), appended(oath))
      .when(code({ identityStanding: 'active' }))
      .thenEvents(answered(1, 'oath', phone), succeeded(linking, ['IDP', 'OATH'], { identityId }));
  });
});

test('an attempt that was started before there were providers goes on as a local login', () => {
  const mechanisms = [{ id: 'up', name: 'UP', answerType: 'Text' }];
  const { provider, purpose, loginId: login, ...first } = { ...local, challenges: [{ mechanisms }] };
  const old = { ...first, expiresAt: time(attemptMilliseconds) };
  expect([provider, purpose, login]).toEqual(['local', 'login', null]);
  expect(upcast(authenticationEvents.AuthenticationStarted, 1, old)).toEqual(started(local).data);
  const rest = { userId: ann, factors: ['UP'], clientId: null, door: 'web' };
  expect(upcast(authenticationEvents.AuthenticationSucceeded, 1, rest)).toEqual(succeeded(local, ['UP']).data);
  const met = { challenge: 0, mechanismId: 'up', accepted: true };
  expect(upcast(authenticationEvents.ChallengeAnswered, 1, met)).toEqual(answered(0, 'up').data);
});

test('how it ended stays known as long as the attempt would have run', () => {
  const until = time(attemptMilliseconds);
  const right: AuthenticationEvent = {
    type: 'ChallengeAnswered',
    data: { challenge: 0, mechanismId: 'up', accepted: true, factorId: null, passwordId: 'secret-1' },
  };
  const reason = 'must-change';
  expect(fold(authenticationDecider, [started(local), right, failed(reason)])).toEqual({
    status: 'failed',
    reason,
    userId: ann,
    passwordId: 'secret-1',
    until,
  });
  expect(
    fold(authenticationDecider, [started(local), right, appended(oath), answered(1, 'oath', phone), failed(reason)]),
  ).toMatchObject({ passwordId: 'secret-1' });
  const done = succeeded(linking, ['IDP'], { identityId });
  expect(fold(authenticationDecider, [started(linking), done])).toEqual({
    status: 'succeeded',
    success: done.data,
    until,
    usedFor: null,
  });
  expect(fold(authenticationDecider, [done])).toMatchObject({ until: null });
});
