import { describe, expect, test } from 'vitest';
import type { Factor } from '../../../src/domain/factor/events.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import { appCode } from '../../kit/authenticator-app.ts';
import { softwareAuthenticator } from '../../kit/software-authenticator.ts';
import { factorFaceOf } from '../../../src/application/factors/factor-face.ts';
import { loggedInBy } from '../kit/factor-login.ts';
import { factorsIn, webOrigin } from '../kit/factors.ts';
import { openHouse } from '../kit/house.ts';
import { movingClock } from '../kit/moving-clock.ts';

async function house() {
  const clock = movingClock();
  const house = await openHouse(clock);
  const { face, deps } = factorsIn(house);
  const viewer = await loggedInBy(house, ['UP', 'OATH']);
  const totp = async (label: string) => {
    const begun = await face.beginTotp(viewer, label);
    if (!begun.ok) throw new Error(begun.errors[0]?.message);
    return begun;
  };
  const passkey = async (label: string) => {
    const begun = await face.beginWebauthn(viewer, label);
    if (!begun.ok) throw new Error(begun.errors[0]?.message);
    return begun;
  };
  return { house, clock, face, deps, viewer, totp, passkey, vault: house.node.custody.vault };
}

const no = (code: string): unknown =>
  expect.objectContaining({ ok: false, errors: [expect.objectContaining({ code })] });

describe('a TOTP factor', () => {
  test('is enrolled by its first right code, and is in custody alone', async () => {
    const { house: h, clock, face, viewer, totp, vault } = await house();
    const begun = await totp('phone');
    expect(begun.uri).toContain(`secret=${begun.secret}`);
    expect(await h.events('FactorEnrolled')).toEqual([]);
    expect(await vault.list('factor/')).toEqual([]);

    const done = await face.finishTotp(viewer, { sealed: begun.sealed, code: appCode(begun.secret, clock.wall()) });
    if (!done.ok) throw new Error('it was refused');
    expect(await face.ownFactors(viewer)).toEqual([
      { factorId: done.factorId, kind: 'totp', label: 'phone', enrolledAt: clock.wall(), lastUsedAt: null, left: null },
    ]);
    const [event] = await h.events('FactorEnrolled');
    expect(event?.metadata.actor).toEqual({ kind: 'user', userId: h.alice });
    const step = Math.floor(Date.parse(clock.wall()) / 30_000);
    expect((event?.data as { factor: Factor }).factor).toEqual({
      kind: 'totp',
      secretId: `factor/${done.factorId}`,
      step,
    });
    expect(await vault.list('factor/')).toEqual([`factor/${done.factorId}`]);
    expect(JSON.stringify(event)).not.toContain(begun.secret);
    expect(begun.sealed).not.toContain(begun.secret);
  });

  test.each([
    ['a wrong code', (right: string) => (right === '000000' ? '000001' : '000000')],
    ['no code', () => ''],
  ])('is not enrolled by %s, and then by the right one', async (_what, typed) => {
    const { house: h, clock, face, viewer, totp, vault } = await house();
    const { secret, sealed } = await totp('phone');
    const right = appCode(secret, clock.wall());
    expect(await face.finishTotp(viewer, { sealed, code: typed(right) })).toEqual(no('not-verified'));
    expect(await h.events('FactorEnrolled')).toEqual([]);
    expect(await vault.list('factor/')).toEqual([]);
    expect(await face.finishTotp(viewer, { sealed, code: right })).toMatchObject({ ok: true });
  });

  test('is enrolled once, however often and at once its beginning comes back', async () => {
    const { house: h, clock, face, viewer, totp } = await house();
    const { secret, sealed } = await totp('phone');
    const wish = { sealed, code: appCode(secret, clock.wall()) };
    await Promise.all(Array.from({ length: 5 }, () => face.finishTotp(viewer, wish)));
    clock.move(60_000);
    expect(await face.finishTotp(viewer, { sealed, code: appCode(secret, clock.wall()) })).toEqual(
      no('already-enrolled'),
    );
    expect(await h.events('FactorEnrolled')).toHaveLength(1);
    expect(await face.ownFactors(viewer)).toHaveLength(1);
  });

  test('begun by somebody else, by another login, for a passkey or too long ago is none', async () => {
    const { house: h, clock, face, viewer, totp, passkey } = await house();
    const { secret, sealed } = await totp('phone');
    const code = appCode(secret, clock.wall());
    const bob = h.viewer({ loginId: viewer.loginId, userId: streamId('user', h.node.tools.ids.uuid()) });
    expect(await face.finishTotp(bob, { sealed, code })).toEqual(no('not-begun'));
    expect(await face.finishTotp(h.viewer(), { sealed, code })).toEqual(no('not-begun'));
    expect(await face.finishTotp(viewer, { sealed: (await passkey('key')).sealed, code })).toEqual(no('not-begun'));
    expect(await face.finishTotp(viewer, { sealed: `${sealed}A`, code })).toEqual(no('not-begun'));
    clock.move(10 * 60_000);
    expect(await face.finishTotp(viewer, { sealed, code: appCode(secret, clock.wall()) })).toEqual(
      no('enrolment-over'),
    );
    expect(await h.events('FactorEnrolled')).toEqual([]);
  });

  test('has a name that can be read', async () => {
    const { face, viewer } = await house();
    for (const label of ['', ' phone', 'a\u0000b', 'x'.repeat(129)]) {
      expect(await face.beginTotp(viewer, label)).toEqual(no('invalid-label'));
      expect(await face.beginWebauthn(viewer, label)).toEqual(no('invalid-label'));
    }
  });

  test('is one of ten at most; whoever began before is refused at the end', async () => {
    const { clock, face, viewer, totp } = await house();
    const first = await totp('phone');
    await face.finishTotp(viewer, { sealed: first.sealed, code: appCode(first.secret, clock.wall()) });
    const begun = [];
    for (let one = 1; one <= 10; one += 1) begun.push(await totp(`phone ${String(one)}`));
    const done = [];
    for (const { secret, sealed } of begun) {
      done.push(await face.finishTotp(viewer, { sealed, code: appCode(secret, clock.wall()) }));
    }
    expect(done.filter(({ ok }) => ok)).toHaveLength(9);
    expect(done[9]).toEqual(no('too-many-factors'));
    const named = expect.stringContaining('remove one first: phone, phone 1, phone 2') as unknown;
    expect(done[9]).toMatchObject({ errors: [{ message: named }] });
    expect(await face.beginWebauthn(viewer, 'key')).toEqual(no('too-many-factors'));
    expect(await face.drawRecoveryCodes(viewer, null)).toMatchObject({ ok: true });
  });
});

describe('a passkey', () => {
  test('is enrolled by its answer, once, and nothing of it is in custody', async () => {
    const { face, viewer, passkey, vault } = await house();
    const key = softwareAuthenticator(webOrigin);
    const begun = await passkey('laptop');
    const wish = { sealed: begun.sealed, credential: key.create(begun.options) };
    expect(await face.finishWebauthn(viewer, wish)).toMatchObject({ ok: true });
    expect(await face.finishWebauthn(viewer, wish)).toEqual(no('already-enrolled'));

    const again = await passkey('laptop too');
    expect(JSON.parse(again.options)).toMatchObject({ excludeCredentials: [{ id: key.credentialId }] });
    const copy = { sealed: again.sealed, credential: key.create(again.options) };
    expect(await face.finishWebauthn(viewer, copy)).toEqual(no('already-enrolled'));
    expect(await face.ownFactors(viewer)).toMatchObject([{ kind: 'webauthn', label: 'laptop', left: null }]);
    expect(await vault.list('factor/')).toEqual([]);
  });

  test('made for another challenge or at another address is none', async () => {
    const { house: h, face, viewer, passkey } = await house();
    const begun = await passkey('laptop');
    const other = await passkey('laptop');
    const key = softwareAuthenticator(webOrigin);
    for (const credential of [
      key.create(other.options),
      key.create(begun.options, { origin: 'https://sally.test.evil.test:8443' }),
      key.create(begun.options, { rpId: 'evil.test' }),
      'no JSON',
    ]) {
      expect(await face.finishWebauthn(viewer, { sealed: begun.sealed, credential })).toEqual(no('not-verified'));
    }
    expect(await h.events('FactorEnrolled')).toEqual([]);
  });

  test('is not offered where browsers have no host name of ours', async () => {
    const h = await openHouse();
    const { deps } = factorsIn(h);
    const face = factorFaceOf({ ...deps, factorProofs: { ...deps.factorProofs, webauthn: null } });
    expect(await face.beginWebauthn(h.viewer(), 'key')).toEqual(no('no-host-name'));
  });
});
