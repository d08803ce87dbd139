import { expect, test } from 'vitest';
import { registerPublicKey } from '../../../src/application/commands/keys.ts';
import { StreamWriter } from '../../../src/application/commands/run-command.ts';
import { issueTemporaryToken } from '../../../src/application/commands/tokens.ts';
import { requiredChallenges } from '../../../src/application/factors/required-challenges.ts';
import { tokenQuestion } from '../../../src/application/factors/fresh-factor.ts';
import type { Viewer } from '../../../src/application/ports/application-face.ts';
import { authenticationDecider } from '../../../src/domain/authentication/decider.ts';
import type { Challenge } from '../../../src/domain/authentication/events.ts';
import { type AuthenticationId, type FactorId, streamId } from '../../../src/domain/kernel/ids.ts';
import { count } from '../../kit/counts.ts';
import { type House, openHouse } from '../kit/house.ts';
import { keyToolsOf, ownKey, proofOf } from '../kit/own-key.ts';
import { movingClock } from '../kit/moving-clock.ts';
import { contextOf, enrol, factorTools, logIn, provider, use } from './kit.ts';

const asking = provider('app', '{type: totp, atToken: "true"}');

function issue(house: House, viewer: Viewer, freshFactor: string | null = null) {
  const { tools, custody, views } = house.node;
  const wish = { ttlSeconds: 60, protocols: null, target: null, freshFactor };
  return issueTemporaryToken({ tools, proofs: custody.proofs, views, zone: 'UTC' }, viewer, wish);
}

const code = (result: Awaited<ReturnType<typeof issue>>): string | undefined =>
  result.ok ? 'issued' : result.errors[0]?.code;

/** Shows a factor as somebody logged in does. */
async function show(house: House, viewer: Viewer, name: 'OATH' | 'RC', factorId: FactorId): Promise<AuthenticationId> {
  const { tools } = house.node;
  const authenticationId = streamId('authentication', tools.ids.uuid());
  const writer = new StreamWriter(tools, authenticationDecider, authenticationId);
  const { userId, loginId } = viewer;
  const challenges: readonly Challenge[] = [
    { mechanisms: [{ id: 'm', name, answerType: 'Text', factorIds: [factorId] }] },
  ];
  const attempt = { userId, nameKey: null, door: 'web', clientId: null, source: '127.0.0.1' } as const;
  const rest = { provider: 'local', purpose: 'fresh-factor', loginId, challenges } as const;
  await writer.run(contextOf(house), (at) => ({ type: 'start', attempt: { ...attempt, ...rest }, at }));
  const facts = { verified: true, identity: null, passwordId: null, factor: { factorId, userId } } as const;
  const standing = { userStanding: 'active', identityStanding: null, required: [] } as const;
  const shown = await writer.run(contextOf(house), (at) => ({
    type: 'answer',
    mechanismId: 'm',
    roundId: null,
    ...facts,
    ...standing,
    at,
  }));
  if (!shown.ok || shown.events.at(-1)?.type !== 'AuthenticationSucceeded') throw new Error('the factor did not count');
  return authenticationId;
}

test('where the policy asks, a token is made by a fresh factor, and one alone by each', async () => {
  const house = await openHouse();
  const viewer = await logIn(house);
  const phone = await enrol(house, 'totp');
  expect(code(await issue(house, viewer)), 'nothing is asked for').toBe('issued');
  await house.apply(asking);

  const refusal = await issue(house, viewer);
  expect(refusal).toMatchObject({ ok: false, errors: [{ code: 'fresh-factor-needed' }] });
  for (const wrong of ['', 'x', `authentication-${house.node.tools.ids.uuid()}`, viewer.loginId])
    expect(code(await issue(house, viewer, wrong))).toBe('fresh-factor-needed');
  expect(await house.events('TemporaryTokenIssued')).toHaveLength(1);
  expect(await house.node.custody.proofs.list()).toHaveLength(1);

  const shown = await show(house, viewer, 'OATH', phone);
  const issued = await issue(house, viewer, shown);
  expect(issued.ok).toBe(true);
  expect(code(await issue(house, viewer, shown)), 'used').toBe('fresh-factor-needed');
  const [used] = await house.events('FreshFactorUsed');
  expect(used).toMatchObject({ stream: shown, data: { purpose: 'pass', subjectId: issued.ok && issued.token.id } });
  const tokens = await house.events('TemporaryTokenIssued');
  expect(tokens).toHaveLength(2);
  const order = [tokens[0]?.position, used?.position, tokens[1]?.position];
  expect(order, 'it is stored before the token').toEqual(order.toSorted());
});

test('a key becomes a pass by one as well, and the proof of a refused try still counts', async () => {
  const house = await openHouse();
  const viewer = await logIn(house);
  const phone = await enrol(house, 'totp');
  await house.apply(asking);
  const key = ownKey();
  const wish = { publicKey: key.line, proof: await proofOf(house, key, viewer), ttlSeconds: 60 };
  const register = (freshFactor: string | null) =>
    registerPublicKey(keyToolsOf(house), viewer, { ...wish, freshFactor });
  expect(await register(null)).toMatchObject({ errors: [{ code: 'fresh-factor-needed' }] });
  expect(await house.events('PublicKeyRegistered')).toEqual([]);
  const shown = await show(house, viewer, 'OATH', phone);
  const registered = await register(shown);
  expect(registered.ok).toBe(true);
  expect(await house.events('FreshFactorUsed')).toMatchObject([
    { stream: shown, data: { purpose: 'pass', subjectId: registered.ok && registered.key.id } },
  ]);
  expect(code(await issue(house, viewer, shown)), 'it was used').toBe('fresh-factor-needed');
});

test('of many wishes at once one is served by one fresh factor', async () => {
  const house = await openHouse();
  const viewer = await logIn(house);
  const phone = await enrol(house, 'totp');
  await house.apply(asking);
  const shown = await show(house, viewer, 'OATH', phone);
  const tries = count(8, 50);
  const results = await Promise.all(Array.from({ length: tries }, () => issue(house, viewer, shown)));
  expect(results.map(code).sort()).toEqual([...Array<string>(tries - 1).fill('fresh-factor-needed'), 'issued']);
  expect(await house.events('FreshFactorUsed')).toHaveLength(1);
});

test('it is of this login, and of the last 5 minutes', async () => {
  const clock = movingClock();
  const house = await openHouse(clock);
  const [viewer, other] = [await logIn(house), await logIn(house)];
  const phone = await enrol(house, 'totp');
  await house.apply(asking);
  const shown = await show(house, viewer, 'OATH', phone);
  expect(code(await issue(house, other, shown))).toBe('fresh-factor-needed');
  expect(code(await issue(house, { ...viewer, userId: `user-${house.node.tools.ids.uuid()}` }, shown))).toBe(
    'fresh-factor-needed',
  );
  clock.move(5 * 60_000);
  expect(code(await issue(house, viewer, shown))).toBe('fresh-factor-needed');
  expect(code(await issue(house, viewer, await show(house, viewer, 'OATH', phone)))).toBe('issued');
});

test('it is of a kind that is asked for, or a recovery code, the last one too', async () => {
  const house = await openHouse();
  const viewer = await logIn(house);
  const phone = await enrol(house, 'totp');
  await house.apply(provider('keys', '{type: webauthn, atToken: "true"}'));
  expect(code(await issue(house, viewer, await show(house, viewer, 'OATH', phone)))).toBe('fresh-factor-needed');
  const codes = await enrol(house, 'recovery', 1);
  await use(house, codes, { kind: 'recovery', code: 0 });
  expect(code(await issue(house, viewer, await show(house, viewer, 'RC', codes)))).toBe('issued');
});

test('the policy is asked about the login, its provider, door, factors and address', async () => {
  const house = await openHouse();
  const viewer = await logIn(house, { provider: 'corp', door: 'cli', factors: ['IDP'], source: '192.0.2.1' });
  await house.apply(`apiVersion: sallyport/v1
kind: Group
metadata: {name: ops}
spec: {members: [alice]}
`);
  const question = await tokenQuestion(factorToolsOf(house), viewer);
  expect(question).toEqual({
    moment: 'token',
    userId: house.alice,
    username: 'alice',
    groups: ['ops'],
    provider: 'corp',
    factors: ['IDP'],
    source: '192.0.2.1',
    door: 'cli',
  });
  expect(await requiredChallenges(factorTools(house), question)).toEqual([]);
});

const factorToolsOf = (house: House) => ({ ...factorTools(house), views: house.node.views });

test('an expression that fails makes no token', async () => {
  const house = await openHouse();
  const viewer = await logIn(house);
  await house.apply(provider('app', `{type: totp, atToken: 'claims.user.groups[0] == "ops"'}`));
  expect(code(await issue(house, viewer))).toBe('no-policy');
  expect(await house.events('TemporaryTokenIssued')).toEqual([]);
});
