import { describe, expect, test } from 'vitest';
import type { OpenLogin } from '../../../src/domain/login/commands.ts';
import { loginDecider, longestLoginMilliseconds } from '../../../src/domain/login/decider.ts';
import { type LoginEvent, loginEvents } from '../../../src/domain/login/events.ts';
import { asPass, isLive } from '../../../src/domain/login/state.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import { fold } from '../../../src/domain/kernel/decider.ts';
import { upcast } from '../../../src/domain/kernel/upcast.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { hour, id, minute, time } from '../kit/ids.ts';

const given = deciderSpec(loginDecider);
const login = {
  userId: id('user'),
  authenticationId: id('authentication'),
  door: 'web',
  source: '127.0.0.1',
  factors: ['UP'],
  provider: 'local',
  identityId: null,
  idleMilliseconds: 15 * minute,
} as const;
const open: OpenLogin = { type: 'open', login, ttlMilliseconds: hour, at: time() };
const opened: Extract<LoginEvent, { type: 'LoginOpened' }> = {
  type: 'LoginOpened',
  data: { ...login, expiresAt: time(hour) },
};
const closed: LoginEvent = { type: 'LoginClosed', data: { reason: 'logout', how: null } };

const session = {
  sessionId: id('session'),
  userId: id('user'),
  targetId: id('target'),
  accountId: id('account'),
  protocol: 'ssh',
  entitlement: { id: id('entitlement'), version: 3 },
  policyVersion: 'digest',
  dialect: 'sallyport-cel-1',
  claimsDigest: 'digest',
  source: '127.0.0.1',
} as const;

describe('login', () => {
  test('that was opened before there were providers rests on the local password', () => {
    const { provider, identityId, ...old } = opened.data;
    expect([provider, identityId]).toEqual(['local', null]);
    expect(upcast(loginEvents.LoginOpened, 1, old)).toEqual(opened.data);
  });
  test('on another identity is another login', () => {
    given(opened)
      .when({ ...open, login: { ...login, provider: 'corp', identityId: streamId('identity', 'a'.repeat(64)) } })
      .thenRejected('already-opened');
  });
  test('is opened once', () => {
    given().when(open).thenEvents(opened);
    given(opened)
      .when({ ...open, at: time(5) })
      .thenNothing();
    given(opened)
      .when({ ...open, login: { ...login, userId: id('user', 2) } })
      .thenRejected('already-opened');
    given(opened, closed).when(open).thenRejected('closed');
  });
  test.each([0, -1, 1.5, longestLoginMilliseconds + 1, Number.NaN])('does not last %d ms', (ttlMilliseconds) => {
    given()
      .when({ ...open, ttlMilliseconds })
      .thenRejected('invalid-ttl');
  });
  test.each(['web', 'cli'] as const)('lasts 12 hours at most at the door %s', (door) => {
    given()
      .when({ ...open, login: { ...login, door }, ttlMilliseconds: 12 * hour })
      .thenEvents({ type: 'LoginOpened', data: { ...login, door, expiresAt: time(12 * hour) } });
  });
  test.each(['ssh', 'rdp', 'postgres', 'mysql'] as const)('is not opened at the door %s', (door) => {
    given()
      .when({ ...open, login: { ...login, door } })
      .thenRejected('wrong-door');
  });
  test.each([0, -1, Number.POSITIVE_INFINITY])('has no idle time of %d ms', (idleMilliseconds) => {
    given()
      .when({ ...open, login: { ...login, idleMilliseconds } })
      .thenRejected('invalid-idle');
  });
  test('is closed once, while it is live', () => {
    given().when({ type: 'close', reason: 'logout', at: time() }).thenRejected('absent');
    given(opened)
      .when({ type: 'close', reason: 'logout', at: time(1) })
      .thenEvents(closed);
    given(opened, closed)
      .when({ type: 'close', reason: 'logout', at: time(2) })
      .thenNothing();
    given(opened)
      .when({ type: 'close', reason: 'logout', at: time(hour) })
      .thenNothing();
    given(closed).when({ type: 'close', reason: 'logout', at: time() }).thenRejected('absent');
  });
  test('of the command line opens no session, closed or not', () => {
    const ofCli = { ...opened, data: { ...login, door: 'cli' as const, expiresAt: time(hour) } };
    const admit = { type: 'admit', session, at: time(1) } as const;
    given(opened).when(admit).thenEvents({ type: 'SessionAdmitted', data: session });
    given(ofCli).when(admit).thenRejected('wrong-door');
    given(ofCli, closed).when(admit).thenRejected('wrong-door');
    const state = fold(loginDecider, [ofCli]);
    expect(asPass(state)).toEqual({ status: 'absent' });
  });
  test('that was closed stays closed, whatever stands after it', () => {
    const admitted = { type: 'SessionAdmitted', data: session } as const;
    expect(fold(loginDecider, [opened, closed, admitted])).toEqual(fold(loginDecider, [opened, closed]));
    expect(fold(loginDecider, [admitted])).toEqual({ status: 'absent' });
  });
  test('is live from opening to close or end', () => {
    expect(isLive(fold(loginDecider, []), time())).toBe(false);
    expect(isLive(fold(loginDecider, [opened]), time(hour - 1))).toBe(true);
    expect(isLive(fold(loginDecider, [opened]), time(hour))).toBe(false);
    expect(isLive(fold(loginDecider, [opened, closed]), time(1))).toBe(false);
  });
});
