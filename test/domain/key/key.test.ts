import { test } from 'vitest';
import { longestPassMilliseconds } from '../../../src/domain/kernel/pass.ts';
import { shredded } from '../../../src/domain/kernel/personal.ts';
import type { RegisterKey } from '../../../src/domain/key/commands.ts';
import { keyDecider } from '../../../src/domain/key/decider.ts';
import type { KeyEvent, PublicKeyRegistered } from '../../../src/domain/key/events.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { hour, id, time } from '../kit/ids.ts';

const given = deciderSpec(keyDecider);
const key: RegisterKey['key'] = {
  userId: id('user'),
  loginId: id('login'),
  algorithm: 'ssh-ed25519',
  bits: 256,
  nameKey: 'digest',
  fingerprint: 'SHA256:0',
  comment: 'ann@laptop',
};
const register: RegisterKey = { type: 'register', key, ttlMilliseconds: hour, at: time() };
const registered: KeyEvent & PublicKeyRegistered = {
  type: 'PublicKeyRegistered',
  data: { ...key, expiresAt: time(hour) },
};
const revoked: KeyEvent = {
  type: 'PublicKeyRevoked',
  data: { userId: id('user'), reason: 'owner', how: null, expiresAt: time(hour) },
};

test('a key is registered once', () => {
  given().when(register).thenEvents(registered);
  given(registered)
    .when({ ...register, at: time(5) })
    .thenNothing();
  given(registered, revoked).when(register).thenNothing();
  for (const change of [{ userId: id('user', 2) }, { nameKey: 'other' }]) {
    given(registered)
      .when({ ...register, key: { ...key, ...change } })
      .thenRejected('already-registered');
  }
});
test('nothing that is decided rests on what is personal', () => {
  const gone = { ...registered, data: { ...registered.data, fingerprint: shredded, comment: shredded } };
  given(gone).when(register).thenNothing();
});
test.each([0, -1, 0.5, longestPassMilliseconds + 1, Number.NaN])('a life of %d ms is refused', (ttlMilliseconds) => {
  given()
    .when({ ...register, ttlMilliseconds })
    .thenRejected('invalid-ttl');
});
test('8 hours are the most', () => {
  given()
    .when({ ...register, ttlMilliseconds: 8 * hour })
    .thenEvents({ ...registered, data: { ...registered.data, expiresAt: time(8 * hour) } });
});
test('an RSA key is strong enough from 2048 bits on', () => {
  const rsa = (bits: number): RegisterKey => ({ ...register, key: { ...key, algorithm: 'ssh-rsa', bits } });
  given().when(rsa(2_047)).thenRejected('weak-key');
  given()
    .when(rsa(2_048))
    .thenEvents({ ...registered, data: { ...registered.data, algorithm: 'ssh-rsa', bits: 2_048 } });
});
