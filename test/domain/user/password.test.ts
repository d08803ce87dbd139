import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChangePassword, OfferPasswordReset, ResetPassword } from '../../../src/domain/user/commands.ts';
import { userDecider } from '../../../src/domain/user/decider.ts';
import { type UserEvent, userEvents, type UserPasswordSet } from '../../../src/domain/user/events.ts';
import { longestResetMilliseconds } from '../../../src/domain/user/password.ts';
import { fold } from '../../../src/domain/kernel/decider.ts';
import { upcast } from '../../../src/domain/kernel/upcast.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { id, time } from '../kit/ids.ts';

const given = deciderSpec(userDecider);
const [ann, ben] = [id('user', 1), id('user', 2)];
const created: UserEvent = {
  type: 'UserCreated',
  data: { name: 'ann', nameKey: 'key-ann', email: null, bornOf: null },
};
const disabled: UserEvent = { type: 'UserDisabled', data: {} };
const enabled: UserEvent = { type: 'UserEnabled', data: {} };
const set = (secretId: string, by: UserPasswordSet['data']['by'], mustChange = false): UserEvent => ({
  type: 'UserPasswordSet',
  data: { secretId, mustChange, by, keptLogin: null },
});
const due = set('old', 'administrator', true);
const proof = { userId: ann, reason: 'must-change', passwordId: 'old', until: time(10) } as const;
const change = (more: Partial<ChangePassword> = {}): ChangePassword => ({
  type: 'change-password',
  userId: ann,
  secretId: 'new',
  proof,
  sameAsBefore: false,
  at: time(9),
  ...more,
});
const offer = (more: Partial<OfferPasswordReset> = {}): OfferPasswordReset => ({
  type: 'offer-password-reset',
  hasIdentity: false,
  resetId: 'r1',
  ttlMilliseconds: 1_000,
  at: time(),
  ...more,
});
const offered = (resetId = 'r1', expiresAt = time(1_000)): UserEvent => ({
  type: 'PasswordResetOffered',
  data: { resetId, expiresAt },
});
const reset = (more: Partial<ResetPassword> = {}): ResetPassword => ({
  type: 'reset-password',
  resetId: 'r1',
  verified: true,
  secretId: 'new',
  at: time(999),
  ...more,
});

describe('a change by the owner', () => {
  test('is made when it is due, once', () => {
    given(created, due).when(change()).thenEvents(set('new', 'owner'));
    given(created, due, set('new', 'owner')).when(change()).thenRejected('not-due');
    given(created, set('old', 'administrator')).when(change()).thenRejected('not-due');
    given(created).when(change()).thenRejected('not-due');
  });
  test.each([
    null,
    { ...proof, userId: ben },
    { ...proof, userId: null },
    { ...proof, reason: 'wrong-answer' },
    { ...proof, reason: 'disabled' },
    { ...proof, passwordId: 'before' },
    { ...proof, passwordId: null },
    { ...proof, until: time(9) },
    { ...proof, until: null },
  ])('is of who gave the password that stands, a short while ago: %o', (shown) => {
    given(created, due)
      .when(change({ proof: shown }))
      .thenRejected('not-proven');
  });
  test('is to another one', () => {
    given(created, due)
      .when(change({ sameAsBefore: true }))
      .thenRejected('same-password');
  });
  test('is not for somebody disabled or removed', () => {
    given(created, due, disabled).when(change()).thenRejected('disabled');
    given(created, due, { type: 'UserRemoved', data: {} }).when(change()).thenRejected('removed');
    given().when(change()).thenRejected('absent');
  });
});

describe('a link to set a password', () => {
  test('is made for an hour at most, and again under another id', () => {
    given(created).when(offer()).thenEvents(offered());
    given(created, offered()).when(offer()).thenNothing();
    given(created, offered())
      .when(offer({ resetId: 'r2' }))
      .thenEvents(offered('r2'));
    given(created)
      .when(offer({ ttlMilliseconds: longestResetMilliseconds }))
      .thenEvents(offered('r1', time(longestResetMilliseconds)));
    for (const ttlMilliseconds of [0, -1, 0.5, longestResetMilliseconds + 1]) {
      given(created).when(offer({ ttlMilliseconds })).thenRejected('invalid-ttl');
    }
    given(created, disabled).when(offer()).thenRejected('disabled');
    given(created)
      .when(offer({ hasIdentity: true }))
      .thenRejected('no-local-password');
    given(created, due)
      .when(offer({ hasIdentity: true }))
      .thenEvents(offered());
  });
  test('sets one once, in time', () => {
    given(created, due, offered()).when(reset()).thenEvents(set('new', 'reset-link'));
    given(created, due, offered(), set('new', 'reset-link')).when(reset()).thenRejected('link-void');
    given(created, offered())
      .when(reset({ at: time(1_000) }))
      .thenRejected('link-void');
  });
  test('is void without its secret, when there is none, and after a newer one', () => {
    given(created, offered())
      .when(reset({ verified: false }))
      .thenRejected('link-void');
    given(created).when(reset()).thenRejected('link-void');
    given(created, offered(), offered('r2')).when(reset()).thenRejected('link-void');
    given(created, offered())
      .when(reset({ resetId: 'r2' }))
      .thenRejected('link-void');
  });
  test('is void once a password was set otherwise, or the person was disabled', () => {
    given(created, offered(), set('other', 'administrator')).when(reset()).thenRejected('link-void');
    given(created, offered(), disabled).when(reset()).thenRejected('link-void');
    given(created, offered(), disabled, enabled).when(reset()).thenRejected('link-void');
  });
  test('says the same of every no', () => {
    const wishes = [[created], [created, offered(), disabled], [created, offered('r2')]].map((past) =>
      userDecider.decide(reset(), fold(userDecider, past)),
    );
    expect(new Set(wishes.map((wish) => (wish.ok ? '' : wish.rejection.message))).size).toBe(1);
  });
});

test('a password set before there were owners was set by an administrator', () => {
  expect(upcast(userEvents.UserPasswordSet, 1, { secretId: 'old', mustChange: true })).toEqual(due.data);
});

test('law: a link sets at most one password, the newest link alone, and owners change what is due alone', () => {
  const at = fc.nat(30).map((moment) => time(moment * 100));
  const wish = fc.oneof(
    fc.record({ resetId: fc.constantFrom('r1', 'r2', 'r3'), at }).map((more) => offer(more)),
    fc.record({ resetId: fc.constantFrom('r1', 'r2', 'r3'), verified: fc.boolean(), at }).map((more) => reset(more)),
    fc.constantFrom('p1', 'p2').map((passwordId) => change({ proof: { ...proof, passwordId } })),
    fc
      .record({ secretId: fc.constantFrom('p1', 'p2'), mustChange: fc.boolean() })
      .map((more) => ({ type: 'set-password', ...more, keptLogin: null }) as const),
    fc.constantFrom({ type: 'disable' } as const, { type: 'enable' } as const),
  );
  fc.assert(
    fc.property(fc.array(wish, { maxLength: 20 }), (wishes) => {
      const history: UserEvent[] = [created];
      let link: string | null = null;
      let dueNow: string | null = null;
      for (const each of wishes) {
        const decision = userDecider.decide(each, fold(userDecider, history));
        if (!decision.ok) continue;
        for (const event of decision.events) {
          history.push(event);
          if (event.type === 'PasswordResetOffered') link = event.data.resetId;
          if (event.type === 'UserDisabled') link = null;
          if (event.type !== 'UserPasswordSet') continue;
          if (each.type === 'reset-password') expect([each.resetId, each.verified]).toEqual([link, true]);
          if (each.type === 'change-password') expect(each.proof?.passwordId).toBe(dueNow);
          dueNow = event.data.mustChange ? event.data.secretId : null;
          link = null;
        }
      }
    }),
    { numRuns: 500 },
  );
});
