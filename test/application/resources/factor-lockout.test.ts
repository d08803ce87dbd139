import { expect, test } from 'vitest';
import { applyResources } from '../../../src/application/resources/apply.ts';
import type { LoginOpened } from '../../../src/domain/login/events.ts';
import { enrol, logIn, provider, removeFactor } from '../factors/kit.ts';
import { type House, openHouse } from '../kit/house.ts';
import { file } from './samples.ts';

/** What alice is told who applies it, logged in like this; none: it is applied. */
async function problems(house: House, yaml: string, login: Partial<LoginOpened['data']> = {}): Promise<string[]> {
  const viewer = { ...(await logIn(house, login)), permissions: ['self', 'administer'] as const, roles: ['admin'] };
  const applied = await applyResources(house.node.resources, viewer, yaml, { setSecrets: false });
  return 'problems' in applied ? applied.problems.map(({ message }) => message) : [];
}

const everybody = provider('app', '{type: totp, atLogin: "true"}');
const lockedOut = [expect.stringMatching(/^spec: you yourself could not log in again: .*enrol one/)];

test('whoever applies it has to be able to log in by it, or nothing is applied', async () => {
  const house = await openHouse();
  expect(await problems(house, everybody)).toEqual(lockedOut);
  expect(await house.events('FactorProviderDeclared')).toEqual([]);
  const stick = await enrol(house, 'webauthn');
  const keys = provider('keys', '{type: webauthn, atLogin: "false"}');
  expect(await problems(house, keys)).toEqual([]);
  expect(await problems(house, everybody), 'what stands counts').toEqual(lockedOut);
  const both = file(everybody, provider('keys', '{type: webauthn, atLogin: "true"}'));
  expect(await problems(house, both), 'what comes with it counts').toEqual([]);
  await removeFactor(house, stick);
  expect(await problems(house, both), 'nothing is altered').toEqual([]);
});

test('a factor that fits will do, and so do recovery codes', async () => {
  const house = await openHouse();
  const phone = await enrol(house, 'totp');
  expect(await problems(house, everybody)).toEqual([]);
  await house.remove('FactorProvider', 'app');
  await removeFactor(house, phone);
  expect(await problems(house, everybody)).toEqual(lockedOut);
  await enrol(house, 'recovery');
  expect(await problems(house, everybody)).toEqual([]);
});

test('it is asked as at the login, when no second factor was shown yet', async () => {
  const house = await openHouse();
  const unless = provider('app', `{type: totp, atLogin: '!("OATH" in claims.user.factors)'}`);
  expect(await problems(house, unless, { factors: ['UP', 'OATH'] })).toEqual(lockedOut);
  const local = provider('app', `{type: totp, atLogin: 'claims.user.provider == "local"'}`);
  expect(await problems(house, local)).toEqual(lockedOut);
  expect(await problems(house, local, { provider: 'corp', factors: ['IDP'] })).toEqual([]);
});

test('an expression that fails for whoever applies it is refused', async () => {
  const house = await openHouse();
  const failing = provider('app', `{type: totp, atLogin: 'claims.user.groups[0] == "ops"'}`);
  expect(await problems(house, failing)).toEqual([expect.stringMatching(/^spec: atLogin fails for you yourself/)]);
  expect(await problems(house, provider('app', `{type: totp, atToken: 'claims.user.groups[0] == "ops"'}`))).toEqual([]);
});
