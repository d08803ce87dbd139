import { expect, test } from 'vitest';
import { within } from '../../src/application/within.ts';

const hour = 3_600_000;
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

test('what is done in time is waited for, and no timer stays behind, not even after a failure', async () => {
  const before = timers();
  let done = false;
  const work = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
    done = true;
  });
  await within(hour, work);
  expect(done).toBe(true);
  await expect(within(hour, Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(timers()).toBe(before);
});

test('what is never done is not waited for', async () => {
  await expect(within(1, new Promise(() => {}))).resolves.toBeUndefined();
});
