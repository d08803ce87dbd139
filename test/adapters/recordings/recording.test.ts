import { appendFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RecordEntry, SealedChunk } from '../../../src/application/ports/recordings.ts';
import type { SessionId } from '../../../src/domain/kernel/ids.ts';
import { count, deep } from '../../kit/counts.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { until } from '../../kit/until.ts';
import { all, begin, fileOf, newSession, output, recordingsIn, seeded, shown, writeAll } from './recording-kit.ts';

const slow = deep ? 300_000 : 30_000;

test('records come back in order and as they were, and nothing of them stands in the file in clear', async () => {
  const { writer, reader, path, chunks } = await begin();
  const entries: RecordEntry[] = [
    { kind: 'channel', at: 0, channel: 1, data: Buffer.from('{"event":"opened","command":"canary-4711"}') },
    output(3, 'canary-output', 1),
    { kind: 'input', at: 3, channel: 2, data: Buffer.from([0, 255, 13]) },
    { kind: 'resize', at: 4_000_000, channel: 1, data: Buffer.from('{"columns":132,"rows":50}') },
    output(4_000_001, ''),
  ];
  await writeAll(writer, entries);
  expect(writer.records).toBe(5);
  await writer.close();
  expect(await all((await reader()).read({}))).toEqual(entries);
  expect(await (await reader()).verify(chunks)).toBeNull();
  expect(readFileSync(path).includes('canary')).toBe(false);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('a record is in the file when write returns, before any sync', async () => {
  const { writer, path } = await begin();
  const before = statSync(path).size;
  void writer.write(output(0, 'x'.repeat(1000)));
  expect(statSync(path).size).toBeGreaterThan(before + 1000);
  await writer.close();
});

test('strict: write gives a promise that resolves after the sync', async () => {
  const { writer, reader } = await begin(tempDir(), true);
  const writes = Array.from({ length: 50 }, (_, at) => Promise.resolve(writer.write(output(at, String(at)))));
  expect(writer.write(output(50, 'x'))).toBeInstanceOf(Promise);
  await Promise.all(writes);
  await writer.close();
  expect(await all((await reader()).read({}))).toHaveLength(51);
});

test('chunks of about 8 MiB cover the file without a hole, their hashes chained', async () => {
  const { writer, reader, chunks, path } = await begin();
  for (let at = 0; at < 150; at += 1) await writer.write(output(at, seeded(262_144, at)));
  await writer.close();
  expect(chunks.length).toBeGreaterThanOrEqual(5);
  let offset = 0;
  for (const [place, chunk] of chunks.entries()) {
    expect(chunk).toMatchObject({ chunk: place, offset });
    offset += chunk.bytes;
  }
  expect(offset).toBe(statSync(path).size);
  expect(await (await reader()).verify(chunks)).toBeNull();
  const swapped = chunks.map(
    (chunk, place): SealedChunk => (place === 1 ? { ...chunk, sha256: chunks[2]!.sha256 } : chunk),
  );
  expect(await (await reader()).verify(swapped)).toBe(1);
  expect(await (await reader()).verify(chunks.slice(1))).toBe(0);
});

test(
  'one changed byte anywhere names its chunk, and so does a cut',
  async () => {
    const { writer, reader, chunks, path } = await begin();
    for (let at = 0; at < 70; at += 1) await writer.write(output(at, seeded(32_768, at)));
    await writer.close();
    const good = readFileSync(path);
    const places = Array.from(
      { length: count(20, 400) },
      (_, each) => Math.floor((each * (good.length - 1)) / 19) % good.length,
    );
    for (const at of [0, 10, 31, ...places, good.length - 1]) {
      const bad = Buffer.from(good);
      bad[at] = bad[at]! ^ 1;
      writeFileSync(path, bad);
      const expected = chunks.findIndex((chunk) => at < chunk.offset + chunk.bytes);
      expect(await (await reader()).verify(chunks)).toBe(expected);
    }
    writeFileSync(path, good.subarray(0, good.length - 1));
    expect(await (await reader()).verify(chunks)).toBe(chunks.length - 1);
  },
  slow,
);

test('reading from a moment gives what comes from then on, wherever it lies, closed or not', async () => {
  const { writer, reader } = await begin();
  const entries = Array.from({ length: 400 }, (_, each) => output(each * 10, `${each}:${'x'.repeat(16_000)}`));
  await writeAll(writer, entries);
  const check = async (): Promise<void> => {
    for (const from of [0, 1, 10, 995, 1990, 3980, 3990]) {
      const found = (await all((await reader()).read({ fromMilliseconds: from }))).filter(
        (each) => each.kind !== 'gap',
      );
      expect(found.map((each) => each.at)).toEqual(entries.map((each) => each.at).filter((at) => at >= from));
    }
  };
  await check();
  await writer.close();
  await check();
  expect(await all((await reader()).read({ fromMilliseconds: 3_991 }))).toEqual([]);
});

test(
  'a cut at any byte: the whole records before it, then one gap, never an error of another kind',
  async () => {
    const { writer, reader, path } = await begin();
    const entries = Array.from({ length: 12 }, (_, each) => output(each, `record ${each} ${'y'.repeat(each * 7)}`));
    await writeAll(writer, entries);
    await writer.close();
    const good = readFileSync(path);
    const cuts = fc.integer({ min: 32, max: good.length - 1 });
    await fc.assert(
      fc.asyncProperty(cuts, async (length) => {
        writeFileSync(path, good.subarray(0, length));
        const found = await all((await reader()).read({}));
        const last = found.pop()!;
        expect(last.kind).toBe('gap');
        expect(shown(last)).toMatchObject({ data: { reason: 'unfinished' } });
        expect(found).toEqual(entries.slice(0, found.length));
      }),
      { numRuns: count(60, 1_000) },
    );
    truncateSync(path, 20);
    await expect(all((await reader()).read({}))).rejects.toMatchObject({
      kind: 'integrity',
      code: 'recording-damaged',
    });
  },
  slow,
);

test(
  'any damage shows as a gap, and what is whole around it is read',
  async () => {
    const { writer, reader, path } = await begin();
    const entries = Array.from({ length: 40 }, (_, each) =>
      output(each, `record ${each} SPRD SPRS ${'z'.repeat(100)}`),
    );
    await writeAll(writer, entries);
    await writer.close();
    const good = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 32, max: good.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (at, change) => {
          const bad = Buffer.from(good);
          bad[at] = bad[at]! ^ change;
          writeFileSync(path, bad);
          const found = await all((await reader()).read({}));
          expect(found.some((each) => each.kind === 'gap')).toBe(true);
          const kept = found.filter((each) => each.kind === 'output').map((each) => each.at);
          expect(kept.length).toBeGreaterThanOrEqual(39);
          expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        },
      ),
      { numRuns: count(60, 1_000) },
    );
  },
  slow,
);

test('whole frames cut out, moved or doubled show as gaps', async () => {
  const { writer, reader, path } = await begin();
  const sizes: number[] = [statSync(path).size];
  for (let each = 0; each < 5; each += 1) {
    await writer.write(output(each, `record ${each}`));
    sizes.push(statSync(path).size);
  }
  await writer.close();
  const good = readFileSync(path);
  const frame = (which: number): Buffer => good.subarray(sizes[which], sizes[which + 1]);
  const head = good.subarray(0, sizes[0]);
  const tail = good.subarray(sizes[5]);
  const orders = { cut: [0, 1, 3, 4], doubled: [0, 1, 1, 2, 3, 4], moved: [0, 2, 1, 3, 4], end: [0, 1, 2, 3] };
  for (const order of Object.values(orders)) {
    writeFileSync(path, Buffer.concat([head, ...order.map(frame), tail]));
    const found = await all((await reader()).read({}));
    expect(found.some((each) => each.kind === 'gap')).toBe(true);
    const times = found.filter((each) => each.kind === 'output').map((each) => each.at);
    expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
  }
  // Without the seal that would tell how many there were.
  writeFileSync(path, Buffer.concat([head, ...orders.cut.map(frame)]));
  expect((await all((await reader()).read({}))).map(shown)).toMatchObject([
    { at: 0 },
    { at: 1 },
    { kind: 'gap', data: { reason: 'missing' } },
    { at: 3 },
    { at: 4 },
    { kind: 'gap', data: { reason: 'unfinished', bytes: 0 } },
  ]);
});

test('a seal copied over the one before it leads no seek round in a circle', async () => {
  const { writer, reader, path, chunks } = await begin();
  for (let at = 0; at < 130; at += 1) await writer.write(output(at, seeded(262_144, at)));
  await writer.close();
  const file = readFileSync(path);
  const seal = (chunk: SealedChunk): Buffer =>
    file.subarray(chunk.offset + chunk.bytes - 112, chunk.offset + chunk.bytes);
  seal(chunks[2]!).copy(seal(chunks[1]!));
  writeFileSync(path, file);
  const found = await all((await reader()).read({ fromMilliseconds: 1 }));
  expect(found.filter((each) => each.kind === 'output')).toHaveLength(129);
  expect(found.some((each) => each.kind === 'gap')).toBe(true);
});

test('following gives what is there, then what comes, and ends with the recording', async () => {
  const { writer, data, session } = await begin();
  await writer.write(output(0, 'first'));
  const following = (await recordingsIn(data).open(session))!.follow(new AbortController().signal);
  const seen: string[] = [];
  const ended = (async () => {
    for await (const entry of following) seen.push(Buffer.from(entry.data).toString('utf8'));
  })();
  await until(() => seen.length === 1, { what: 'the first record' });
  for (let each = 1; each <= 200; each += 1) await writer.write(output(each, String(each)));
  await until(() => seen.length === 201, { what: 'the records that came later' });
  await writer.close();
  await ended;
  expect(seen).toEqual(['first', ...Array.from({ length: 200 }, (_, each) => String(each + 1))]);
});

test('following ends with the signal', async () => {
  const { writer, reader } = await begin();
  await writer.write(output(0, 'first'));
  const stop = new AbortController();
  const seen: RecordEntry[] = [];
  for await (const entry of (await reader()).follow(stop.signal)) {
    seen.push(entry);
    setImmediate(() => stop.abort());
  }
  expect(seen).toHaveLength(1);
  const stopped = (await reader()).follow(AbortSignal.abort());
  expect(await all(stopped)).toHaveLength(1);
  await writer.close();
});

test('large output is split, other large records are refused, and times never fall', async () => {
  const { writer, reader } = await begin();
  const big = seeded(2_500_000, 1);
  await writer.write(output(10, big));
  expect(writer.records).toBe(3);
  const statement = { kind: 'statement', at: 11, channel: 0, data: big } as const;
  expect(() => writer.write(statement)).toThrow(expect.objectContaining({ code: 'record-too-large' }));
  await writer.write(output(4.7, 'late'));
  await writer.close();
  const found = await all((await reader()).read({}));
  expect(Buffer.concat(found.slice(0, 3).map((each) => each.data)).equals(big)).toBe(true);
  expect(found[3]).toMatchObject({ at: 10 });
});

test('an empty recording is whole; a closed one takes nothing more; bytes behind its end change nothing', async () => {
  const { writer, reader, chunks, path } = await begin();
  await Promise.all([writer.close(), writer.close()]);
  expect(() => writer.write(output(0, 'x'))).toThrow(expect.objectContaining({ code: 'recording-failed' }));
  expect(await all((await reader()).read({}))).toEqual([]);
  appendFileSync(path, 'garbage');
  expect(await all((await reader()).read({}))).toEqual([]);
  expect(await (await reader()).verify(chunks)).toBeNull();
});

test('a session is recorded once, by its uuid and nothing else', async () => {
  const { recordings, session, data } = await begin();
  await expect(recordings.create(session, '2026-01-02T03:04:05.678Z', false)).rejects.toMatchObject({
    kind: 'conflict',
    code: 'recording-exists',
  });
  for (const bad of ['session-../../keys/master', 'session-', 'token-6f9619ff-8b86-4d01-b42d-00cf4fc964ff']) {
    await expect(recordings.open(bad as SessionId)).rejects.toMatchObject({ code: 'session-id-invalid' });
    await expect(recordings.create(bad as SessionId, '', false)).rejects.toMatchObject({ code: 'session-id-invalid' });
  }
  expect(await recordings.open(newSession())).toBeNull();
  expect(fileOf(data, session)).toMatch(/[0-9a-f-]{36}\.rec$/);
});

test('a recording under the name of another session does not open as one', async () => {
  const one = await begin();
  const two = await begin(one.data);
  await one.writer.write(output(0, 'mine'));
  await one.writer.close();
  await two.writer.close();
  writeFileSync(two.path, readFileSync(one.path));
  await expect(all((await two.reader()).read({}))).rejects.toMatchObject({ code: 'recording-damaged' });
});
