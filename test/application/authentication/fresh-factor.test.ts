import { expect, test } from 'vitest';
import { startFreshFactor } from '../../../src/application/authentication/start-own.ts';
import { freshChallenges } from '../../../src/application/factors/fresh-factor.ts';
import { enrol, provider } from '../factors/kit.ts';
import { openDesk, source } from '../kit/login-desk.ts';

const wish = { for: 'pass', door: 'web', source } as const;

/** A desk whose policy is the real one. */
async function openPolicyDesk() {
  const desk = await openDesk();
  const { tools, views } = desk.house.node;
  const viewer = desk.house.viewer();
  const deps = {
    ...desk.deps,
    freshChallenges: (who: typeof viewer) => freshChallenges({ tools, views, zone: 'UTC' }, who),
  };
  return { ...desk, viewer, show: () => startFreshFactor(deps, viewer, wish) };
}

test('a fresh factor is of those that the policy asks for, and any own one where it asks for none', async () => {
  const { house, show } = await openPolicyDesk();
  const names = async () => {
    const started = await show();
    return started.ok
      ? started.challenges.map(({ mechanisms }) => mechanisms.map(({ name }) => name))
      : started.errors[0]?.code;
  };
  expect(await names()).toBe('no-factor');
  await enrol(house, 'totp');
  await enrol(house, 'webauthn');
  expect(await names()).toEqual([['OATH', 'WebAuthn']]);
  await house.apply(provider('keys', '{type: webauthn, atToken: "true"}'));
  expect(await names()).toEqual([['WebAuthn']]);
  await enrol(house, 'recovery');
  expect(await names()).toEqual([['WebAuthn', 'RC']]);
  await house.apply(provider('keys', `{type: webauthn, atToken: 'claims.user.groups[0] == "ops"'}`));
  expect(await names()).toBe('no-policy');
});

test('nothing that fits is no attempt', async () => {
  const { house, show } = await openPolicyDesk();
  await enrol(house, 'totp');
  await house.apply(provider('keys', '{type: webauthn, atToken: "true"}'));
  expect(await show()).toMatchObject({ ok: false, errors: [{ code: 'no-factor' }] });
  expect(await house.events('AuthenticationStarted')).toEqual([]);
});
