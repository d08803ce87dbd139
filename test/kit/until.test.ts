import { expect, test } from 'vitest';
import { until } from './until.ts';

test('gives what the probe found, also when it threw or found nothing at first', async () => {
  let calls = 0;
  const found = await until(
    () => {
      calls += 1;
      if (calls === 1) throw new Error('not yet');
      return calls < 4 ? undefined : 'here';
    },
    { what: 'the fourth call' },
  );
  expect(found).toBe('here');
});

test('zero and the empty string are found, not waited for', async () => {
  expect(await until(() => 0, { what: 'zero' })).toBe(0);
  expect(await until(() => '', { what: 'nothing written' })).toBe('');
});

test('at the deadline it says what it waited for, with the last error as cause', async () => {
  const cause = new Error('connection refused');
  const waiting = until(() => Promise.reject(cause), { deadlineMs: 20, what: 'the server' });
  await expect(waiting).rejects.toMatchObject({ message: 'gave up after 20 ms waiting for the server', cause });
});
