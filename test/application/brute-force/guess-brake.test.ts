import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { GuessBrake, type GuessLimits, type Tried } from '../../../src/application/brute-force/guess-brake.ts';
import type { Outcome } from '../../../src/application/brute-force/outcome.ts';
import { farLimits, loneBrake } from '../kit/guessing.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const ticks = (): number => Date.now();
const limits: Partial<GuessLimits> = { failuresPerNetwork: 10, failuresPerUser: 10 };
const minute = 60_000;
const failure: Outcome = {
  verdict: 'failed',
  manner: 'pass',
  userId: null,
  nameKey: 'alice',
  source: '192.0.2.1',
  door: 'ssh',
};
const tried: Tried = { nameKey: 'alice', userId: null, source: '192.0.2.1' };

function fail(brake: GuessBrake, times: number, over: (n: number) => Partial<Outcome> = () => ({})): void {
  for (let n = 0; n < times; n += 1) brake.fold({ ...failure, ...over(n) }, 0);
}

/** Everybody from a network of their own, so that none is refused. */
const scattered = (n: number): Partial<Outcome> => ({ source: `198.51.100.${n}` });

/** How long a try waits, in milliseconds. */
async function waited(brake: GuessBrake, over: Partial<Tried> = {}): Promise<number> {
  const begun = Date.now();
  const run = brake.attempt(
    { ...tried, ...over },
    async () => Date.now() - begun,
    () => false,
  );
  run.catch(() => undefined);
  await vi.advanceTimersByTimeAsync(5_000);
  return run;
}

describe('by name', () => {
  test('each failure doubles the delay of the next try, never above 2 s, from whatever network', async () => {
    const brake = loneBrake(limits, ticks);
    const delays: number[] = [];
    for (let n = 0; n < 12; n += 1) {
      delays.push(await waited(brake, { source: '203.0.113.9' }));
      fail(brake, 1, () => scattered(n));
    }
    expect(delays).toEqual([0, 3, 6, 12, 25, 50, 100, 200, 400, 800, 1_600, 1_600]);
    expect(await waited(brake, { nameKey: 'bob' })).toBe(0);
    expect(await waited(brake, { nameKey: null })).toBe(0);
  });

  test('names that nobody has are delayed alike', async () => {
    const brake = loneBrake(limits, ticks);
    fail(brake, 10, (n) => ({ ...scattered(n), userId: `user-1`, nameKey: 'name of user-1' }));
    fail(brake, 10, (n) => ({ ...scattered(n), nameKey: 'nobody' }));
    expect(await waited(brake, { nameKey: 'name of user-1' })).toBe(await waited(brake, { nameKey: 'nobody' }));
  });

  test('a person is counted under their own name, whatever was typed, or when nothing was', async () => {
    const brake = loneBrake(limits, ticks);
    fail(brake, 10, (n) => ({ ...scattered(n), userId: 'user-1', nameKey: null }));
    expect(await waited(brake, { nameKey: 'name of user-1' })).toBe(1_600);
    expect(await waited(brake, { userId: 'user-1', nameKey: 'u1@corp.example' })).toBe(1_600);
  });

  test('a right login takes away what failed under the name from its network in its manner, and no more', async () => {
    const brake = loneBrake(limits, ticks);
    fail(brake, 5);
    fail(brake, 4, () => ({ manner: 'login' }));
    fail(brake, 1, () => ({ source: '198.51.100.1' }));
    expect(await waited(brake)).toBe(1_600);
    brake.fold({ ...failure, verdict: 'right' }, 0);
    expect(await waited(brake)).toBe(50);
    brake.fold({ ...failure, verdict: 'right', manner: 'login' }, 0);
    expect(await waited(brake)).toBe(3);
    brake.fold({ ...failure, verdict: 'right', nameKey: 'bob', source: '198.51.100.1' }, 0);
    expect(await waited(brake)).toBe(3);
  });

  test('is forgotten when the window is over', async () => {
    const brake = loneBrake(limits, ticks);
    fail(brake, 9);
    await vi.advanceTimersByTimeAsync(15 * minute);
    expect(await waited(brake)).toBe(0);
  });

  test('raises one alert in a window, at the limit', () => {
    const brake = loneBrake({ ...limits, failuresPerNetwork: 1_000 }, ticks);
    const alerts = Array.from({ length: 25 }, () => brake.fold({ ...failure, userId: 'user-1' }, 0));
    expect(alerts.flatMap((raised, n) => raised.map((alert) => ({ n, ...alert })))).toEqual([
      {
        n: 9,
        subject: 'user',
        userId: 'user-1',
        nameKey: 'name of user-1',
        network: null,
        door: 'ssh',
        failures: 10,
        refusedMilliseconds: null,
      },
      expect.objectContaining({ n: 9, nameKey: 'alice' }),
    ]);
  });
});

describe('by network', () => {
  const sprayed = (n: number): Partial<Outcome> => ({ nameKey: `name ${n}`, source: `2001:db8:0:1::${n}` });

  test('ten failures refuse it for a while, whatever the names, and no other one; then it begins anew', async () => {
    const brake = loneBrake(limits, ticks);
    fail(brake, 9, sprayed);
    expect(brake.refusedFor('2001:db8:0:1::ffff')).toBeNull();
    const raised = brake.fold({ ...failure, ...sprayed(9) }, 0);
    expect(raised).toEqual([
      {
        subject: 'network',
        userId: null,
        nameKey: null,
        network: '2001:db8:0:1::/64',
        door: 'ssh',
        failures: 10,
        refusedMilliseconds: minute,
      },
    ]);
    expect(brake.refusedFor('2001:db8:0:1::ffff')).toBe(minute);
    expect(brake.refusedFor('2001:db8:0:2::1')).toBeNull();
    let checked = false;
    // At once, however long a try under this name would wait otherwise.
    fail(brake, 10, scattered);
    const refused = brake.attempt(
      { ...tried, source: '2001:db8:0:1::9' },
      async () => (checked = true),
      () => false,
    );
    await expect(refused).rejects.toMatchObject({ kind: 'limit', code: 'too-many-failures' });
    expect(() => brake.begins('2001:db8:0:1::9')).toThrow(/for 1 min more; then try again/);
    expect(checked).toBe(false);
    await vi.advanceTimersByTimeAsync(minute - 1);
    expect(brake.refusedFor('2001:db8:0:1::9')).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(brake.refusedFor('2001:db8:0:1::9')).toBeNull();
    expect(await waited(brake, { nameKey: 'bob', source: '2001:db8:0:1::9' })).toBe(0);
    fail(brake, 9, sprayed);
    expect(brake.refusedFor('2001:db8:0:1::9')).toBeNull();
    fail(brake, 1, sprayed);
    expect(brake.refusedFor('2001:db8:0:1::9')).toBe(minute);
  });

  test('failures further apart than the window do not refuse it', async () => {
    const brake = loneBrake(limits, ticks);
    for (let n = 0; n < 30; n += 1) {
      fail(brake, 1);
      await vi.advanceTimersByTimeAsync(2 * minute);
    }
    expect(brake.refusedFor(failure.source)).toBeNull();
  });

  test('people who mistype and then log in never refuse it; their logins hide no guesses at others', () => {
    const brake = loneBrake(limits, ticks);
    for (let n = 0; n < 50; n += 1) {
      const person = { ...failure, nameKey: `person ${n}` };
      brake.fold(person, 0);
      brake.fold({ ...person, verdict: 'right' }, 0);
    }
    expect(brake.refusedFor(failure.source)).toBeNull();
    for (let n = 0; n < 10; n += 1) {
      brake.fold(failure, 0);
      brake.fold({ ...failure, verdict: 'right', nameKey: 'mallory' }, 0);
      brake.fold({ ...failure, verdict: 'right', manner: 'login' }, 0);
    }
    expect(brake.refusedFor(failure.source)).toBe(minute);
  });

  test('an address that many share is never refused; its alert comes all the same, and the delay by name stays', async () => {
    const brake = loneBrake({ ...limits, isShared: (source) => source === failure.source }, ticks);
    const raised = Array.from({ length: 30 }, () => brake.fold(failure, 0)).flat();
    expect(raised).toMatchObject([{ subject: 'user' }, { subject: 'network', refusedMilliseconds: null }]);
    expect(brake.refusedFor(failure.source)).toBeNull();
    expect(await waited(brake)).toBe(1_600);
  });

  test('what was before a start counts with its age', () => {
    const brake = loneBrake(limits, ticks);
    for (let n = 0; n < 10; n += 1) brake.fold(failure, 20_000);
    expect(brake.refusedFor(failure.source)).toBe(40_000);
  });
});

describe('many at once', () => {
  /** A brake that counts its own failures, and tries that end when they are told to. */
  function crowd(): { brake: GuessBrake; guess: () => Promise<unknown>; end: () => void; checked: () => number } {
    let checked = 0;
    const ends: (() => void)[] = [];
    const brake = loneBrake(limits, ticks);
    return {
      brake,
      guess: async () =>
        brake.attempt(
          { ...tried, nameKey: null },
          async () => {
            checked += 1;
            await new Promise<void>((resolve) => ends.push(resolve));
            brake.fold({ ...failure, nameKey: null }, 0);
          },
          () => true,
        ),
      end: () => ends.splice(0).forEach((end) => end()),
      checked: () => checked,
    };
  }

  test('of 50 guesses sent together from one network no more are checked than may fail there', async () => {
    const { guess, end, checked } = crowd();
    const all = Promise.allSettled(Array.from({ length: 50 }, guess));
    await vi.advanceTimersByTimeAsync(10);
    expect(checked()).toBe(10);
    end();
    await vi.advanceTimersByTimeAsync(3_000);
    expect(checked()).toBe(10);
    const results = await all;
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ kind: 'limit' });
    }
  });

  test('nobody waits for a turn longer than 2 s, and those of another network do not wait at all', async () => {
    const { brake, guess, checked } = crowd();
    for (let n = 0; n < 10; n += 1) void guess();
    const late = waited(brake, { nameKey: null });
    late.catch(() => undefined);
    await expect(late).rejects.toMatchObject({ kind: 'limit', code: 'too-many-attempts' });
    expect(checked()).toBe(10);
    expect(await waited(brake, { source: '203.0.113.9' })).toBe(0);
  });

  test('who waits a delay holds no turn that others need', async () => {
    const brake = loneBrake(limits, ticks);
    fail(brake, 9);
    fail(brake, 20, scattered);
    const slow = brake.attempt(
      tried,
      async () => Date.now(),
      () => false,
    );
    expect(await waited(brake, { nameKey: 'bob' })).toBe(0);
    await slow;
  });

  test('a right try gives its turn on at once, a failed one when it counts, and one that throws too', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const brake = new GuessBrake({
      limits: { ...farLimits, failuresPerNetwork: 1 },
      nameKeyOf: () => null,
      counted: () => promise,
      ticks,
    });
    const order: string[] = [];
    const run = async (name: string, result: 'right' | 'wrong' | 'thrown'): Promise<void> => {
      await brake
        .attempt(
          tried,
          async () => {
            order.push(name);
            if (result === 'thrown') throw new Error('log gone');
            return result;
          },
          (it) => it === 'wrong',
        )
        .catch(() => undefined);
    };
    await run('first', 'right');
    await run('second', 'thrown');
    await run('third', 'wrong');
    const fourth = run('fourth', 'right');
    await vi.advanceTimersByTimeAsync(100);
    expect(order).toEqual(['first', 'second', 'third']);
    resolve(undefined);
    await fourth;
    expect(order).toEqual(['first', 'second', 'third', 'fourth']);
  });

  test('of an address that many share as many are checked at once as come', async () => {
    const brake = loneBrake({ ...limits, isShared: () => true }, ticks);
    fail(brake, 20, () => ({ nameKey: 'nobody' }));
    const { promise, resolve } = Promise.withResolvers<undefined>();
    let checked = 0;
    const check = async (): Promise<undefined> => {
      checked += 1;
      return promise;
    };
    const all = Array.from({ length: 50 }, async () => brake.attempt(tried, check, () => false));
    await vi.advanceTimersByTimeAsync(10);
    expect(checked).toBe(50);
    resolve(undefined);
    await Promise.all(all);
  });

  test('no more than 256 wait for one network', async () => {
    const { guess } = crowd();
    const all = Array.from({ length: 266 }, guess);
    for (const one of all) one.catch(() => undefined);
    await expect(guess()).rejects.toMatchObject({ code: 'too-many-attempts' });
  });
});
