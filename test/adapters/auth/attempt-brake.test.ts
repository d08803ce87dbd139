import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { AttemptBrake } from '../../../src/adapters/auth/attempt-brake.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Runs one attempt and gives how long it had to wait, in milliseconds. */
async function waited(brake: AttemptBrake, key: string, fails: boolean): Promise<number> {
  const begun = Date.now();
  const run = brake.run(
    key,
    async () => Date.now() - begun,
    () => fails,
  );
  await vi.runAllTimersAsync();
  return run;
}

test('each failure doubles the wait, up to 2 s; a success clears it; 15 minutes forget it', async () => {
  const brake = new AttemptBrake(() => Date.now());
  const waits: number[] = [];
  for (let n = 0; n < 8; n += 1) waits.push(await waited(brake, 'a', true));
  expect(waits).toEqual([0, 100, 200, 400, 800, 1600, 2000, 2000]);
  expect(await waited(brake, 'b', true)).toBe(0);
  expect(await waited(brake, 'a', false)).toBe(2000);
  expect(await waited(brake, 'a', true)).toBe(0);
  expect(await waited(brake, 'a', true)).toBe(100);
  await vi.advanceTimersByTimeAsync(15 * 60_000);
  expect(await waited(brake, 'a', true)).toBe(0);
});

test('attempts at once go one after the other, and the eleventh is refused', async () => {
  const brake = new AttemptBrake(() => Date.now());
  let running = 0;
  const attempt = async (): Promise<number> => {
    running += 1;
    const together = running;
    await new Promise((resolve) => setTimeout(resolve, 1));
    running -= 1;
    return together;
  };
  const runs = Array.from({ length: 10 }, async () => brake.run('a', attempt, () => true));
  await expect(brake.run('a', attempt, () => true)).rejects.toMatchObject({ kind: 'limit', code: 'too-many-attempts' });
  await expect(
    brake.run(
      'b',
      async () => 'other',
      () => false,
    ),
  ).resolves.toBe('other');
  await vi.runAllTimersAsync();
  expect(await Promise.all(runs)).toEqual(Array.from({ length: 10 }, () => 1));
});

test('an attempt that throws gives its turn on', async () => {
  const brake = new AttemptBrake(() => Date.now());
  const thrown = brake.run(
    'a',
    async () => Promise.reject(new Error('log gone')),
    () => true,
  );
  const next = brake.run(
    'a',
    async () => 'next',
    () => false,
  );
  await expect(thrown).rejects.toThrow('log gone');
  await expect(next).resolves.toBe('next');
});

test('memory is bounded: of 10,000 keys the longest unused goes first', async () => {
  const brake = new AttemptBrake(() => Date.now());
  for (let n = 0; n <= 10_000; n += 1)
    await brake.run(
      String(n),
      async () => 0,
      () => true,
    );
  expect(await waited(brake, '0', true)).toBe(0);
  expect(await waited(brake, '10000', true)).toBe(100);
});
