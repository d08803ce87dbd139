import { describe, expect, test } from 'vitest';
import { fold } from '../../../src/domain/kernel/decider.ts';
import type { AdmitSession, AdmittedSession } from '../../../src/domain/kernel/pass.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { hour, id, time } from '../kit/ids.ts';
import { keyKind, loginKind, session, tokenKind } from './passes.ts';

/** The life that all kinds of passes share, told for each of them. */
describe.each([tokenKind(), keyKind, loginKind])('a $noun', ({ decider, made, revoked, isLive, noun }) => {
  const given = deciderSpec(decider);
  const absent = noun === 'login' ? 'absent' : 'unknown';
  const admitted = (number: number) => ({ type: 'SessionAdmitted', data: session(number) });
  const admit = (number: number, change: Partial<AdmittedSession> = {}, at = time(1)): AdmitSession => ({
    type: 'admit',
    session: { ...session(number), ...change },
    at,
  });

  test('is revoked once, and not when it has ended', () => {
    given().when({ type: 'revoke', reason: 'owner', at: time() }).thenRejected(absent);
    given(made)
      .when({ type: 'revoke', reason: 'owner', at: time(1) })
      .thenEvents(revoked);
    given(made, revoked)
      .when({ type: 'revoke', reason: 'administrator', at: time(1) })
      .thenNothing();
    given(made)
      .when({ type: 'revoke', reason: 'owner', at: time(hour) })
      .thenNothing();
    given(revoked).when({ type: 'revoke', reason: 'owner', at: time() }).thenRejected(absent);
  });
  test('opens any number of sessions, each once', () => {
    given(made).when(admit(1)).thenEvents(admitted(1));
    given(made, admitted(1)).when(admit(2)).thenEvents(admitted(2));
    given(made, admitted(1), admitted(2)).when(admit(1)).thenNothing();
    given(made, admitted(1), admitted(2))
      .when(admit(1, { accountId: id('account', 2) }))
      .thenRejected('session-known');
  });
  test('opens nothing when it is unknown, revoked or expired', () => {
    given().when(admit(1)).thenRejected('unknown');
    given(made, revoked).when(admit(1)).thenRejected('revoked');
    given(made, admitted(1), revoked).when(admit(1)).thenRejected('revoked');
    given(made)
      .when(admit(1, {}, time(hour - 1)))
      .thenEvents(admitted(1));
    given(made)
      .when(admit(1, {}, time(hour)))
      .thenRejected('expired');
  });
  test('opens nothing for another user', () => {
    given(made)
      .when(admit(1, { userId: id('user', 2) }))
      .thenRejected('wrong-user');
  });
  test('is live from its making to revocation or end', () => {
    expect(isLive(fold(decider, []), time())).toBe(false);
    expect(isLive(fold(decider, [made]), time(hour - 1))).toBe(true);
    expect(isLive(fold(decider, [made]), time(hour))).toBe(false);
    expect(isLive(fold(decider, [made, revoked]), time(1))).toBe(false);
  });
});

test('a pass opens nothing out of its scope', () => {
  const { decider, made } = tokenKind({ protocols: ['ssh', 'mysql'], targetId: id('target') });
  const given = deciderSpec(decider);
  const admit = (change: Partial<AdmittedSession>): AdmitSession => ({
    type: 'admit',
    session: { ...session(1), ...change },
    at: time(1),
  });
  given(made)
    .when(admit({}))
    .thenEvents({ type: 'SessionAdmitted', data: session(1) });
  given(made)
    .when(admit({ protocol: 'rdp' }))
    .thenRejected('wrong-protocol');
  given(made)
    .when(admit({ targetId: id('target', 2) }))
    .thenRejected('wrong-target');
});

test('a key opens nothing but SSH', () => {
  const wish: AdmitSession = { type: 'admit', session: { ...session(1), protocol: 'postgres' }, at: time(1) };
  deciderSpec(keyKind.decider)(keyKind.made).when(wish).thenRejected('wrong-protocol');
});
