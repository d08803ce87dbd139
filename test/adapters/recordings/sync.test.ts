import type * as fs from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import { until } from '../../kit/until.ts';
import { begin, output } from './recording-kit.ts';

/** The syncs of the disk as they really happen: how many were asked for and have ended, and what holds them back. */
const disk = vi.hoisted(() => ({ asked: 0, ended: 0, gate: Promise.resolve() }));

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const fdatasync = (file: number, done: (error: Error | null) => void): void => {
    disk.asked += 1;
    void disk.gate.then(() =>
      real.fdatasync(file, (error) => {
        disk.ended += 1;
        done(error);
      }),
    );
  };
  return { ...real, fdatasync };
});

afterEach(() => {
  disk.gate = Promise.resolve();
});

test('strict: a write resolves after its own sync has ended, not before', async () => {
  const { writer } = await begin(undefined, true);
  await writer.write(output(1, 'first'));
  const before = disk.ended;
  expect(before).toBeGreaterThan(0);
  const gate = Promise.withResolvers<undefined>();
  disk.gate = gate.promise;
  let written = false;
  const writing = Promise.resolve(writer.write(output(2, 'second'))).then(() => (written = true));
  await until(() => disk.asked > before, { what: 'the sync of the second write' });
  await new Promise((resolve) => setImmediate(resolve));
  expect([written, disk.ended]).toEqual([false, before]);
  gate.resolve(undefined);
  await writing;
  expect(disk.ended).toBeGreaterThan(before);
  await writer.close();
});

test('otherwise a write waits for nothing, and is on the disk within 50 ms', async () => {
  const { writer } = await begin();
  const took: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    const before = disk.ended;
    const start = performance.now();
    expect(writer.write(output(n, `record ${String(n)}`))).toBeUndefined();
    await until(() => disk.ended > before, { what: 'the sync' });
    took.push(performance.now() - start);
  }
  // A busy machine is late now and then; a delay that is too long is late each time.
  expect(Math.min(...took)).toBeLessThanOrEqual(50);
  await writer.close();
});
