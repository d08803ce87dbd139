import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { count, deep } from '../../kit/counts.ts';
import { runProcess, startProcess } from '../../kit/process.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { until } from '../../kit/until.ts';
import { all, begin, newSession, output, recordingsIn, seeded, shown } from './recording-kit.ts';

const child = join(import.meta.dirname, 'writing-child.ts');

const slow = deep ? 300_000 : 30_000;

test(
  'kill -9 at any moment: every record whose write returned is there, then one gap',
  async () => {
    for (let round = 0; round < count(5, 100); round += 1) {
      const data = tempDir();
      const session = newSession();
      const recordings = recordingsIn(data);
      const writing = startProcess(process.execPath, [child, data, session]);
      const enough = (round % 8) * 300;
      await until(() => lastNumber(writing.stdout()) >= enough, { what: `${enough} records` });
      await writing.stop('SIGKILL');
      const acknowledged = lastNumber(writing.stdout());
      const found = await all((await recordings.open(session))!.read({}));
      const last = found.pop()!;
      expect(shown(last)).toMatchObject({ kind: 'gap', data: { reason: 'unfinished' } });
      expect(found.length).toBeGreaterThan(acknowledged);
      for (const [number, entry] of found.entries()) expect(Buffer.from(entry.data).readUInt32BE(0)).toBe(number);
      const seek = Math.floor(found.length / 2);
      const later = await all((await recordings.open(session))!.read({ fromMilliseconds: seek }));
      expect(later[0]).toMatchObject({ at: seek });
    }
  },
  slow,
);

test('a recording is followed while another process writes it', async () => {
  const data = tempDir();
  const session = newSession();
  const recordings = recordingsIn(data);
  const writing = startProcess(process.execPath, [child, data, session]);
  await until(() => lastNumber(writing.stdout()) >= 0, { what: 'the first record' });
  let number = 0;
  for await (const entry of (await recordings.open(session))!.follow(new AbortController().signal)) {
    expect(Buffer.from(entry.data).readUInt32BE(0)).toBe(number);
    number += 1;
    if (number === 2_000) break;
  }
  await writing.stop('SIGKILL');
});

test('a full disk: told once, every later write refused, what was written is read, and space heals it', async () => {
  const data = tempDir();
  const disk = join(data, 'recordings');
  mkdirSync(disk);
  const mounted = await runProcess('mount', ['-t', 'tmpfs', '-o', 'size=256k,mode=0700', 'tmpfs', disk]);
  expect(mounted.code, mounted.stderr).toBe(0);
  onTestFinished(async () => {
    await runProcess('umount', ['-l', disk]);
  });
  const { writer, recordings, session } = await begin(data);
  const failures: Error[] = [];
  writer.onFailure((error) => failures.push(error));
  const failed = expect.objectContaining({ kind: 'unavailable', code: 'recording-failed' });
  let written = 0;
  expect(() => {
    for (; written < 1_000; written += 1) void writer.write(output(written, seeded(4_096, written)));
  }).toThrow(failed);
  expect(written).toBeGreaterThan(20);
  expect(() => writer.write(output(0, 'x'))).toThrow(failed);
  expect(failures).toEqual([failed]);
  await writer.close();
  const found = await all((await recordings.open(session))!.read({}));
  expect(found.slice(0, -1).map((each) => each.at)).toEqual(Array.from({ length: written }, (_, each) => each));
  expect(shown(found.at(-1)!)).toMatchObject({ data: { reason: 'unfinished', bytes: 0 } });

  const other = newSession();
  await runProcess('dd', ['if=/dev/zero', `of=${join(disk, 'filler')}`, 'bs=4k']);
  await expect(recordings.create(other, '2026-01-02T03:04:05.678Z', false)).rejects.toEqual(failed);
  expect((await runProcess('mount', ['-o', 'remount,size=1m', disk])).code).toBe(0);
  const healed = await recordings.create(other, '2026-01-02T03:04:05.678Z', false);
  await healed.write(output(0, 'again'));
  await healed.close();
  expect(await all((await recordings.open(other))!.read({}))).toHaveLength(1);
});

test('a long recording is written and read with little memory', async () => {
  const { writer, reader, path } = await begin();
  const megabytes = count(64, 500);
  const block = seeded(65_536, 1);
  const before = process.memoryUsage.rss();
  for (let each = 0; each < megabytes * 16; each += 1) {
    await writer.write(output(each, block));
    if (each % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await writer.close();
  expect(statSync(path).size).toBeGreaterThan(megabytes << 20);
  let records = 0;
  for await (const entry of (await reader()).read({})) records += entry.data.length === block.length ? 1 : 0;
  expect(records).toBe(megabytes * 16);
  if (megabytes > 400) expect(process.memoryUsage.rss() - before).toBeLessThan(300 << 20);
});

function lastNumber(text: string): number {
  const lines = text.split('\n');
  return Number(lines.at(-2) ?? -1);
}
