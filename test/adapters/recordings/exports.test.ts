import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asciicastLines } from '../../../src/adapters/recordings/asciicast.ts';
import { jsonLines } from '../../../src/adapters/recordings/jsonl.ts';
import type { RecordEntry, RecordKind } from '../../../src/application/ports/recordings.ts';
import { count } from '../../kit/counts.ts';
import { all, output, seeded, startedAt } from './recording-kit.ts';

const json = (kind: RecordKind, at: number, data: unknown): RecordEntry => ({
  kind,
  at,
  channel: 1,
  data: Buffer.from(JSON.stringify(data)),
});

async function* from(entries: readonly RecordEntry[]): AsyncGenerator<RecordEntry> {
  for (const entry of entries) yield entry;
}

const cast = async (entries: readonly RecordEntry[], info: { title?: string } = {}): Promise<unknown[]> =>
  (await all(asciicastLines({ startedAt, ...info }, from(entries)))).map((line) => JSON.parse(line) as unknown);

test('asciicast: the header has the size of the first terminal, events their time in seconds', async () => {
  const pty = { term: 'xterm', columns: 132, rows: 50 };
  expect(
    await cast(
      [
        json('channel', 0, { event: 'opened', kind: 'shell', pty }),
        output(1_234, '\u001b[1mhi\r\n', 1),
        { kind: 'input', at: 2_000, channel: 1, data: Buffer.from('ls\r') },
        json('resize', 3_500, { columns: 80, rows: 25 }),
        json('gap', 4_000, { reason: 'damaged', offset: 9, bytes: 12 }),
      ],
      { title: 'anna on web1' },
    ),
  ).toEqual([
    { version: 2, width: 132, height: 50, timestamp: 1_767_323_045, title: 'anna on web1' },
    [1.234, 'o', '\u001b[1mhi\r\n'],
    [2, 'i', 'ls\r'],
    [3.5, 'r', '80x25'],
    [4, 'm', 'gap: damaged, 12 bytes'],
  ]);
});

test('asciicast: 80x24 without a terminal, also of an empty recording and of nonsense sizes', async () => {
  const header = { version: 2, width: 80, height: 24, timestamp: 1_767_323_045 };
  expect(await cast([])).toEqual([header]);
  expect(await cast([json('channel', 0, { event: 'opened', kind: 'exec', pty: null }), output(5, 'x')])).toEqual([
    header,
    [0.005, 'o', 'x'],
  ]);
  expect(await cast([json('resize', 0, { columns: -1, rows: 'x' }), output(5, 'x')])).toEqual([
    header,
    [0.005, 'o', 'x'],
  ]);
  const many = Array.from({ length: 3_000 }, () => json('channel', 0, {}));
  expect(await cast([...many, json('resize', 7, { columns: 100, rows: 30 })])).toEqual([
    header,
    [0.007, 'r', '100x30'],
  ]);
});

test('asciicast: without a terminal a line feed begins a line, with one on the same channel it is as it came', async () => {
  const started = (at: number, pty: unknown): RecordEntry =>
    json('channel', at, { event: 'started', kind: 'exec', pty });
  const pty = { term: 'xterm', columns: 100, rows: 30 };
  const lines = async (...entries: readonly RecordEntry[]) => (await cast(entries)).slice(1);
  expect(await lines(started(0, null), output(1, 'a\nb\r\n', 1), output(2, '\n', 2))).toEqual([
    [0.001, 'o', 'a\r\nb\r\n'],
    [0.002, 'o', '\n'],
  ]);
  expect(await lines(started(0, null), started(1, pty), output(2, 'a\n', 1))).toEqual([[0.002, 'o', 'a\n']]);
  expect(await lines(output(0, 'x', 2), started(1, null), started(2, pty), output(3, 'a\n', 1))).toEqual([
    [0, 'o', 'x'],
    [0.002, 'r', '100x30'],
    [0.003, 'o', 'a\n'],
  ]);
});

test('asciicast: characters cut by packets are whole again, per channel; what is none is replaced', async () => {
  const euro = Buffer.from('€');
  const lines = await cast([
    output(0, euro.subarray(0, 1), 1),
    output(1, euro.subarray(0, 2), 2),
    output(2, euro.subarray(1), 1),
    output(3, euro.subarray(2), 2),
    output(4, Buffer.from([0xff, 0x41]), 1),
    output(5, euro.subarray(0, 2), 1),
  ]);
  expect(lines.slice(1)).toEqual([
    [0.002, 'o', '€'],
    [0.003, 'o', '€'],
    [0.004, 'o', '\ufffdA'],
    [0.005, 'o', '\ufffd'],
  ]);
});

test('asciicast: the text is that of the whole output however it was cut', async () => {
  const parts = fc.array(
    fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc.string().map((text) => Buffer.from(text)),
    ),
  );
  await fc.assert(
    fc.asyncProperty(parts, async (pieces) => {
      const lines = await cast(pieces.map((piece, at) => output(at, piece)));
      const text = lines.slice(1).map((line) => (line as [number, string, string])[2]);
      expect(text.join('')).toBe(Buffer.concat(pieces).toString('utf8'));
    }),
    { numRuns: count(200, 20_000) },
  );
});

test('JSON lines lose nothing', async () => {
  const binary = seeded(50, 3);
  const lines = await all(
    jsonLines(from([output(1, 'text €'), output(2, binary), json('resize', 3, { columns: 1, rows: 2 })])),
  );
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { at: 1, kind: 'output', channel: 0, text: 'text €' },
    { at: 2, kind: 'output', channel: 0, base64: binary.toString('base64') },
    { at: 3, kind: 'resize', channel: 1, data: { columns: 1, rows: 2 } },
  ]);
});
