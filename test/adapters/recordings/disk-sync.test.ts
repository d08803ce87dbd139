import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { diskSync } from '../../../src/adapters/recordings/disk-sync.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { until } from '../../kit/until.ts';

test('calls that come together share one sync, later ones get one of their own', async () => {
  const file = openSync(join(tempDir(), 'file'), 'w');
  const sync = diskSync(file, () => {});
  const first = sync.now();
  expect(sync.now()).toBe(first);
  await first;
  expect(sync.now()).not.toBe(first);
  await sync.idle();
  closeSync(file);
});

test('a sync in the background that fails is told, also to those who wait', async () => {
  const noFile = 2 ** 30;
  const errors: unknown[] = [];
  const sync = diskSync(noFile, (error) => errors.push(error));
  sync.soon();
  await until(() => errors.length === 1, { what: 'the error of the background sync' });
  await expect(sync.now()).rejects.toMatchObject({ code: 'EBADF' });
  sync.soon();
  sync.stop();
  await sync.idle();
  expect(errors).toHaveLength(2);
});

test('many files at once are all synced', async () => {
  const dir = tempDir();
  const files = Array.from({ length: 20 }, (_, each) => openSync(join(dir, String(each)), 'w'));
  await Promise.all(files.map(async (file) => diskSync(file, () => {}).now()));
  for (const file of files) closeSync(file);
});
