import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { requiredChallenges } from '../../../src/application/factors/required-challenges.ts';
import type { Challenge } from '../../../src/domain/authentication/events.ts';
import { down, type House, instead, openHouse } from '../kit/house.ts';
import { file } from '../resources/samples.ts';
import { atLogin, enrol, factorTools, provider, removeFactor, use } from './kit.ts';

const asked = (house: House, over: Parameters<typeof atLogin>[1] = {}) =>
  requiredChallenges(factorTools(house), atLogin(house, over));

/** Name and factors of each mechanism of each challenge. */
function shape(challenges: readonly Challenge[] | null): unknown {
  return challenges?.map(({ mechanisms }) => mechanisms.map(({ name, factorIds }) => [name, ...factorIds]));
}

describe('without any FactorProvider', () => {
  test('an enrolled factor is asked for from the moment it stands to its removal, with what is left of the codes', async () => {
    const house = await openHouse();
    expect(await asked(house)).toEqual([]);
    const codes = await enrol(house, 'recovery');
    expect(await asked(house)).toEqual([]);
    const [phone, tablet] = [await enrol(house, 'totp'), await enrol(house, 'totp')];
    const stick = await enrol(house, 'webauthn');
    const all = [
      ['OATH', ...[phone, tablet].sort()],
      ['WebAuthn', stick],
      ['RC', codes],
    ];
    expect(shape(await asked(house))).toEqual([all]);
    await use(house, codes, { kind: 'recovery', code: 0 });
    expect(shape(await asked(house))).toEqual([all]);
    await use(house, codes, { kind: 'recovery', code: 1 });
    expect(shape(await asked(house))).toEqual([all.slice(0, 2)]);
    await removeFactor(house, stick);
    expect(shape(await asked(house))).toEqual([all.slice(0, 1)]);
    await removeFactor(house, phone);
    await removeFactor(house, tablet);
    expect(await asked(house)).toEqual([]);
  });

  test('factors are those of the person', async () => {
    const house = await openHouse();
    await enrol(house, 'totp');
    const { ids } = house.node.tools;
    expect(await asked(house, { userId: `user-${ids.uuid()}` })).toEqual([]);
  });

  test('each mechanism has an id of its own, and answers as text', async () => {
    const house = await openHouse();
    await enrol(house, 'totp');
    await enrol(house, 'webauthn');
    const [challenge] = (await asked(house)) ?? [];
    const mechanisms = challenge?.mechanisms ?? [];
    expect(new Set(mechanisms.map(({ id }) => id)).size).toBe(2);
    expect(mechanisms.map(({ answerType }) => answerType)).toEqual(['Text', 'Text']);
  });
});

describe('by FactorProviders', () => {
  test('what claims say is asked from the apply on; nobody is asked once it is gone', async () => {
    const house = await openHouse();
    const outside = '!claims.system.sourceAddress.startsWith("10.") && claims.system.door == "web"';
    await house.apply(provider('app', `{type: totp, atLogin: '${outside}'}`));
    expect(shape(await asked(house))).toEqual([[]]);
    expect(await asked(house, { source: '10.1.2.3' })).toEqual([]);
    expect(await asked(house, { door: 'cli' })).toEqual([]);
    const phone = await enrol(house, 'totp');
    expect(shape(await asked(house))).toEqual([[['OATH', phone]]]);
    expect(await asked(house, { source: '10.1.2.3' })).toEqual([]);
    await house.remove('FactorProvider', 'app');
    expect(shape(await asked(house, { source: '10.1.2.3' }))).toEqual([[['OATH', phone]]]);
  });

  test('every claim is there to ask', async () => {
    const house = await openHouse();
    await enrol(house, 'webauthn');
    await enrol(house, 'recovery');
    const expression = [
      'claims.user.username == "alice" && claims.user.groups == ["ops"] && claims.user.provider == "corp"',
      'claims.user.factors == ["IDP"] && claims.user.enrolled == ["recovery", "webauthn"]',
      'claims.system.sourceAddress == "192.0.2.1" && claims.system.door == "cli"',
      'claims.system.local.zone == "UTC" && claims.system.local.hour < 24 && claims.system.local.weekday <= 7',
    ].join(' && ');
    await house.apply(
      file(
        provider('keys', '{type: webauthn, atLogin: "false"}'),
        provider('app', `{type: totp, atLogin: '${expression}'}`),
      ),
    );
    const over = { groups: ['ops'], provider: 'corp', factors: ['IDP'], source: '192.0.2.1', door: 'cli' } as const;
    // No authenticator app is enrolled, so that the codes alone can meet it.
    expect(shape(await asked(house, over))).toMatchObject([[['RC', expect.stringMatching(/^factor-/)]]]);
    expect(await asked(house, { ...over, groups: [] })).toEqual([]);
  });

  test('a token is another matter than a login', async () => {
    const house = await openHouse();
    const stick = await enrol(house, 'webauthn');
    expect(await asked(house, { moment: 'token' })).toEqual([]);
    await house.apply(provider('keys', `{type: webauthn, atLogin: 'false', atToken: '"UP" in claims.user.factors'}`));
    expect(await asked(house)).toEqual([]);
    expect(shape(await asked(house, { moment: 'token' }))).toEqual([[['WebAuthn', stick]]]);
    expect(await asked(house, { moment: 'token', factors: ['IDP'] })).toEqual([]);
  });
});

test('what the how-to shows is taken, and says what it says', async () => {
  const house = await openHouse();
  const page = readFileSync(join(import.meta.dirname, '../../../docs/how-to/factor-policy.md'), 'utf8');
  const [first = '', keysForAdmins = '', outside = ''] = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(
    ([, yaml]) => yaml,
  );
  await house.apply(first);
  expect(await asked(house)).toEqual([]);
  expect(shape(await asked(house, { groups: ['ops'] }))).toEqual([[]]);
  expect(shape(await asked(house, { moment: 'token', groups: ['production'] }))).toEqual([[]]);
  await house.apply(keysForAdmins);
  const [phone, stick] = [await enrol(house, 'totp'), await enrol(house, 'webauthn')];
  expect(shape(await asked(house, { groups: ['admins'] }))).toEqual([[['WebAuthn', stick]]]);
  expect(shape(await asked(house))).toEqual([
    [
      ['OATH', phone],
      ['WebAuthn', stick],
    ],
  ]);
  await house.remove('FactorProvider', 'security keys');
  await removeFactor(house, stick);
  await house.apply(outside);
  expect(shape(await asked(house))).toEqual([[['OATH', phone]]]);
  expect(await asked(house, { provider: 'entra' })).toEqual([]);
});

describe('nobody knows, which is no nothing', () => {
  test('when an expression fails for somebody', async () => {
    const house = await openHouse();
    await house.apply(provider('app', `{type: totp, atLogin: 'claims.user.groups[0] == "ops"'}`));
    expect(await asked(house)).toBeNull();
    expect(await asked(house, { groups: ['dev'] })).toEqual([]);
  });

  test.each(['factors', 'targetCatalogue'] as const)('while the view %s is behind', async (view) => {
    const house = await openHouse();
    const tools = factorTools(house);
    const views = { ...tools.views, [view]: instead(tools.views[view], { reached: () => Promise.reject(down()) }) };
    expect(await requiredChallenges({ ...tools, views }, atLogin(house))).toBeNull();
  });
});
