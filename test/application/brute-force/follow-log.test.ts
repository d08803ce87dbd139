import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { verifyPass } from '../../../src/application/admission/verify-pass.ts';
import type { GuessLimits } from '../../../src/application/brute-force/guess-brake.ts';
import { networkOf } from '../../../src/application/brute-force/network-of.ts';
import { StreamWriter } from '../../../src/application/commands/run-command.ts';
import { publicKeys } from '../../../src/adapters/ssh-keys/public-keys.ts';
import { authenticationDecider } from '../../../src/domain/authentication/decider.ts';
import type { PassRefusalReason } from '../../../src/domain/authentication/events.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { until } from '../../kit/until.ts';
import { type NodeRig, openNode, openToAll } from '../admission/node-rig.ts';
import { applyResources } from '../../../src/application/resources/apply.ts';
import { brakeOf } from '../kit/guessing.ts';
import { ask, openHouse } from '../kit/house.ts';
import { openDesk, password } from '../kit/login-desk.ts';

const limits: Partial<GuessLimits> = { failuresPerNetwork: 10, failuresPerUser: 10 };
const source = '192.0.2.7';

async function openOne(folder: string, name: string): Promise<NodeRig> {
  const node = await openNode(folder, name);
  onTestFinished(() => node.close());
  return node;
}

async function alertsOf({ tools }: NodeRig): Promise<readonly unknown[]> {
  const alerts = await tools.log.readAll({ after: null, limit: 100, filter: { types: ['GuessingNoticed'] } });
  return alerts.map(({ data }) => data);
}

function shownTo(node: NodeRig, brake: Awaited<ReturnType<typeof brakeOf>>['brake']) {
  const deps = { ...node, ...node.custody, ...node.admission, publicKeys, brake };
  return async (userName: string, from = source) =>
    verifyPass(deps, { door: 'ssh', source: from, userName, transcript: { mechanism: 'plain', secret: 'spt_wrong' } });
}

/** A refusal that some process wrote. */
async function refusal({ tools }: NodeRig, reason: PassRefusalReason, from = source): Promise<void> {
  const stream = streamId('authentication', tools.ids.uuid());
  const context = {
    actor: { kind: 'unknown' as const, source: from },
    correlationId: tools.ids.uuid(),
    causationId: null,
  };
  await new StreamWriter(tools, authenticationDecider, stream).run(context, {
    type: 'refuse-pass',
    refusal: { userId: null, nameKey: 'a'.repeat(64), door: 'ssh', source: from, reason },
  });
}

test('failures count in every process and after a restart, and the alert is said once by all of them', async () => {
  const folder = join(tempDir(), 'data');
  const [one, two] = [await openOne(folder, 'one'), await openOne(folder, 'two')];
  const [first, second] = [await brakeOf(one, limits), await brakeOf(two, limits)];
  const [guess, guessElsewhere] = [shownTo(one, first.brake), shownTo(two, second.brake)];
  for (let n = 0; n < 5; n += 1) {
    await guess(`nobody ${n}`);
    await guessElsewhere(`nobody ${n}`);
  }
  await until(() => first.brake.refusedFor(source) !== null && second.brake.refusedFor(source) !== null, {
    what: 'both processes refuse the network',
  });
  expect(await guess('alice')).toBeNull();
  const reasons = await one.tools.log.readAll({ after: null, limit: 100, filter: { types: ['PassRefused'] } });
  expect(reasons.map(({ data }) => (data as { reason: string }).reason)).toEqual([
    ...Array<string>(10).fill('unknown-user'),
    'too-many',
  ]);

  const three = await openOne(folder, 'three');
  const third = await brakeOf(three, limits);
  expect(third.brake.refusedFor(source)).toBeGreaterThan(0);
  expect(third.brake.refusedFor('192.0.2.8')).toBeNull();
  await until(async () => (await alertsOf(one)).length > 0, { what: 'the alert' });
  await third.counted();
  expect(await alertsOf(one)).toEqual([
    {
      subject: 'network',
      userId: null,
      nameKey: null,
      network: networkOf(source),
      door: 'ssh',
      failures: 10,
      refusedMilliseconds: 60_000,
    },
  ]);
});

test('of 60 wrong tokens shown at once no more are looked at than may fail', async () => {
  const one = await openOne(join(tempDir(), 'data'), 'one');
  const { brake } = await brakeOf(one, limits);
  const guess = shownTo(one, brake);
  expect(await Promise.all(Array.from({ length: 60 }, (_, n) => guess(`n${n}`)))).toEqual(Array(60).fill(null));
  const events = await one.tools.log.readAll({ after: null, limit: 100, filter: { types: ['PassRefused'] } });
  const looked = events.filter(({ data }) => (data as { reason: string }).reason !== 'too-many');
  expect([events.length, looked.length]).toEqual([60, 10]);
});

test('what is no guess does not count', async () => {
  const one = await openOne(join(tempDir(), 'data'), 'one');
  const { brake, counted } = await brakeOf(one, { ...limits, failuresPerNetwork: 1 });
  for (const reason of ['expired', 'revoked', 'wrong-protocol', 'disabled', 'too-many', 'unavailable'] as const)
    await refusal(one, reason);
  await counted();
  expect(brake.refusedFor(source)).toBeNull();
  await refusal(one, 'no-match');
  await counted();
  expect(brake.refusedFor(source)).not.toBeNull();
});

test('a login counts by the name that was typed and where its answer came from; a right one takes it back', async () => {
  const one = await openOne(join(tempDir(), 'data'), 'one');
  await applyResources(one.resources, { system: null }, openToAll, { setSecrets: false });
  const { tools, custody } = one;
  const { brake, counted } = await brakeOf(one, { failuresPerUser: 2, failuresPerNetwork: 3 });
  const answer = async (from: string, verified: boolean): Promise<void> => {
    const id = streamId('authentication', tools.ids.uuid());
    const writer = new StreamWriter(tools, authenticationDecider, id);
    const context = (at: string) => ({
      actor: { kind: 'unknown' as const, source: at },
      correlationId: tools.ids.uuid(),
      causationId: null,
    });
    const userId = one.views.directory.find({ where: { kind: 'user' }, limit: 1 })[0]?.id as `user-${string}`;
    const attempt = {
      userId,
      nameKey: custody.nameKeys.nameKey('user', 'alice'),
      door: 'web' as const,
      clientId: null,
      source: '203.0.113.1',
      provider: 'local',
      purpose: 'login' as const,
      loginId: null,
      challenges: [{ mechanisms: [{ id: 'm', name: 'UP' as const, answerType: 'Text' as const, factorIds: [] }] }],
    };
    await writer.run(context('203.0.113.1'), (at) => ({ type: 'start', attempt, at }));
    await writer.run(context(from), (at) => ({
      type: 'answer',
      mechanismId: 'm',
      roundId: null,
      verified,
      passwordId: null,
      userStanding: 'active',
      identity: null,
      factor: null,
      identityStanding: null,
      required: [],
      at,
    }));
    await counted();
  };
  await answer(source, false);
  await answer(source, false);
  await answer(source, true);
  await answer(source, false);
  await answer(source, false);
  expect([brake.refusedFor(source), brake.refusedFor('203.0.113.1')]).toEqual([null, null]);
  await until(async () => (await alertsOf(one)).length > 0, { what: 'the alert' });
  expect(await alertsOf(one)).toMatchObject([{ subject: 'user', door: 'web', failures: 2 }]);
  await answer(source, false);
  expect(brake.refusedFor(source)).not.toBeNull();
  expect(brake.refusedFor('203.0.113.1')).toBeNull();
});

test('a session that is opened with a pass takes back wrong passes of the same person from the same network', async () => {
  const house = await openHouse();
  const { brake, counted } = await brakeOf(house.node, { ...limits, failuresPerNetwork: 3 });
  const guess = shownTo(house.node, brake);
  const open = async (from: string): Promise<void> => {
    expect((await ask(house, await house.token(), { source: from }).admission).ok).toBe(true);
    await counted();
  };
  await guess('alice');
  await guess('Alice');
  await open('192.0.2.8');
  await open(source);
  await guess('alice');
  await guess('alice');
  await open('192.0.2.8');
  await counted();
  expect(brake.refusedFor(source)).toBeNull();
  await guess('alice');
  await counted();
  expect(brake.refusedFor(source)).not.toBeNull();
});

test('who is disabled, or must change their password, has guessed nothing', async () => {
  const house = await openHouse();
  const { brake, counted } = await brakeOf(house.node, { failuresPerNetwork: 1 });
  const desk = await openDesk({ brake }, undefined, house);
  await house.apply('apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {disabled: true}');
  expect((await desk.login('alice', password)).status).toBe('failed');
  await counted();
  expect(brake.refusedFor(source)).toBeNull();
  await desk.login('alice', 'wrong');
  await counted();
  expect(brake.refusedFor(source)).not.toBeNull();
});
