import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { RecordEntry } from '../../../src/application/ports/recordings.ts';
import { count } from '../../kit/counts.ts';
import { until } from '../../kit/until.ts';
import { all, begin, output, seeded } from './recording-kit.ts';

const hours = 6 * 3_600_000;
const mostRead = 16 << 20;

/** Bytes that this process has read from files and sockets so far (proc(5), rchar). */
const bytesRead = (): number => Number(/^rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);

const megabytes = count(48, 500);
test(`a recording of 6 hours and ${String(megabytes)} MB seeks to any moment and reads little, closed or killed`, async () => {
  const { writer, reader, path } = await begin();
  const block = seeded(32_768, 1);
  const records = megabytes * 32;
  for (let each = 0; each < records; each += 1) {
    block.writeUInt32BE(each);
    await writer.write(output(Math.floor((each / records) * hours), block));
  }
  const recording = await reader();
  const seek = async (fraction: number): Promise<number> => {
    const wanted = Math.floor((Math.floor(fraction * records) / records) * hours);
    const before = bytesRead();
    let first: RecordEntry | undefined;
    for await (const entry of recording.read({ fromMilliseconds: wanted })) {
      first = entry;
      break;
    }
    expect(first).toMatchObject({ kind: 'output', at: wanted });
    return bytesRead() - before;
  };
  const places = [0, 0.001, 0.25, 0.5, 0.77, 0.999];
  for (const place of places) expect(await seek(place)).toBeLessThan(mostRead);
  await writer.close();
  expect(statSync(path).size).toBeGreaterThan(megabytes * 1_000_000);
  const memory = process.memoryUsage.rss();
  for (const place of places) expect(await seek(place)).toBeLessThan(mostRead);
  expect(process.memoryUsage.rss() - memory).toBeLessThan(128 << 20);
  // A file that a killed writer left: cut in the middle of a record.
  truncateSync(path, statSync(path).size - 100_000);
  for (const place of [0.25, 0.9]) expect(await seek(place)).toBeLessThan(mostRead);
}, 300_000);

test('following from now on gives what is written later; from a moment, what comes from then on', async () => {
  const { writer, reader } = await begin();
  for (let at = 0; at < 50; at += 1) await writer.write(output(at, `early ${String(at)}`));
  const seen: string[] = [];
  const late: number[] = [];
  const follow = async (from: number | 'end', tell: (entry: RecordEntry) => void): Promise<void> => {
    const stop = new AbortController().signal;
    for await (const entry of (await reader()).follow(stop, { fromMilliseconds: from })) tell(entry);
  };
  const now = follow('end', (entry) => seen.push(Buffer.from(entry.data).toString()));
  const then = follow(40, (entry) => late.push(entry.at));
  await until(() => late.length === 10, { what: 'what was there' });
  // The other one may still be looking for the end: it misses nothing that is written once it waits there.
  let at = 50;
  await until(
    async () => {
      await writer.write(output(at, 'end'));
      at += 1;
      return seen.includes('end');
    },
    { what: 'what is written from now on' },
  );
  await writer.close();
  await Promise.all([now, then]);
  expect(seen.length).toBeGreaterThan(0);
  expect(new Set(seen)).toEqual(new Set(['end']));
  expect(late.slice(0, 11)).toEqual([40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50]);
});

test('any damage or cut leaves a seek that ends, gives nothing earlier, and says that something is missing', async () => {
  const { writer, reader, path } = await begin();
  for (let at = 0; at < 90; at += 1) await writer.write(output(at * 10, seeded(262_144, at)));
  await writer.close();
  const good = readFileSync(path);
  for (let each = 0; each < count(12, 200); each += 1) {
    const bad = Buffer.from(good);
    const at = 32 + Math.floor(((good.length - 300_000) * (each + 0.5)) / count(12, 200));
    bad.fill(0, at, at + 200_000);
    writeFileSync(path, each % 2 === 0 ? bad : good.subarray(0, at));
    const found = await all((await reader()).read({ fromMilliseconds: 400 }));
    const times = found.filter(({ kind }) => kind === 'output').map((entry) => entry.at);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
    expect(times.every((time) => time >= 400)).toBe(true);
    if (each % 2 === 1) expect(found.at(-1)?.kind).toBe('gap');
  }
}, 60_000);
