import { expect, it } from 'vitest';
import type { Challenge } from '../../../src/domain/authentication/events.ts';
import type { FactorId } from '../../../src/domain/kernel/ids.ts';
import type { Tried } from '../../../src/application/brute-force/guess-brake.ts';
import { loneBrake } from '../kit/guessing.ts';
import { openDesk, password, source } from '../kit/login-desk.ts';
import { openHouse } from '../kit/house.ts';
import { brakeOf } from '../kit/guessing.ts';

const refused = { kind: 'limit', code: 'too-many-failures' };
const failure = { verdict: 'failed', manner: 'pass', userId: null, nameKey: null, source, door: 'ssh' } as const;

it('looks at nothing from a network that is refused: no login is begun there, and none goes on', async () => {
  const brake = loneBrake({ failuresPerNetwork: 1 });
  const desk = await openDesk({ brake });
  const started = await desk.start('alice');
  brake.fold(failure, 0);
  await expect(desk.start('alice')).rejects.toMatchObject(refused);
  await expect(desk.answer(started, password)).rejects.toMatchObject(refused);
  const begun = desk.face.beginMechanism({ authenticationId: started.authenticationId, mechanismId: 'any', source });
  await expect(begun).rejects.toMatchObject(refused);
  expect(desk.hashes).toEqual([]);
  expect(await desk.house.events('AuthenticationFailed')).toEqual([]);
});

it('bounds how many logins are begun, whichever door asks for it', async () => {
  const desk = await openDesk();
  const all = await Promise.allSettled(Array.from({ length: 260 }, async () => desk.start('alice')));
  const begun = all.filter(({ status }) => status === 'fulfilled').length;
  expect(begun).toBeGreaterThanOrEqual(200);
  expect(begun).toBeLessThan(260);
});

it('refuses a network whose wrong passwords were too many, sent together or not, and counts by name too', async () => {
  const house = await openHouse();
  const { brake, counted } = await brakeOf(house.node, { failuresPerNetwork: 10, failuresPerUser: 10 });
  const desk = await openDesk({ brake }, undefined, house);
  const started = await Promise.all(
    Array.from({ length: 30 }, async (_, n) => desk.start(n % 2 === 0 ? 'alice' : 'nobody')),
  );
  const answers = await Promise.allSettled(started.map(async (each) => desk.answer(each, 'wrong')));
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  expect(await house.events('AuthenticationFailed')).toHaveLength(10);
  await counted();
  expect(brake.refusedFor(source)).not.toBeNull();
});

it('waits once in a login: for the name that began it, not again for the second factor', async () => {
  const tried: Tried[] = [];
  const verdicts: boolean[] = [];
  const real = loneBrake();
  const factorId = 'factor-1' as FactorId;
  const second: Challenge = { mechanisms: [{ id: 'code', name: 'OATH', answerType: 'Text', factorIds: [factorId] }] };
  const desk = await openDesk({
    brake: {
      begins: () => undefined,
      attempt: async (who, check, failed) => {
        tried.push(who);
        const result = await real.attempt(who, check, failed);
        verdicts.push(failed(result));
        return result;
      },
    },
    requiredChallenges: async () => [second],
    factors: {
      check: async ({ person }) => (person === null ? null : { factorId, userId: person }),
      begin: () => Promise.reject(new Error('not here')),
    },
  });
  const started = await desk.start('Alice');
  expect((await desk.answer(started, password)).status).toBe('next');
  expect((await desk.answer({ ...started, challenges: [{ mechanisms: second.mechanisms }] }, '000000')).status).toBe(
    'success',
  );
  const nameKey = desk.house.node.custody.nameKeys.nameKey('user', 'alice');
  expect(tried).toEqual([
    { nameKey, userId: desk.house.alice, source },
    { nameKey: null, userId: null, source },
  ]);
  expect(verdicts).toEqual([false, false]);
  expect((await desk.login('alice', 'wrong')).status).toBe('failed');
  expect(verdicts).toEqual([false, false, true]);
});
