import { expect, test } from 'vitest';
import { jsonLines } from '../../../src/adapters/recordings/jsonl.ts';
import type { RecordEntry } from '../../../src/application/ports/recordings.ts';
import { all } from './recording-kit.ts';

const statement = (at: number, data: unknown): RecordEntry => ({
  kind: 'statement',
  at,
  channel: 0,
  data: Buffer.from(JSON.stringify(data)),
});

async function* from(entries: readonly RecordEntry[]): AsyncGenerator<RecordEntry> {
  yield* entries;
}

/** Cut through characters and escapes, as the pieces of a long statement are. */
function cut(at: number, value: unknown, parts: number): readonly RecordEntry[] {
  const text = JSON.stringify(value);
  const size = Math.ceil(text.length / parts);
  return Array.from({ length: parts }, (_, part) => {
    return statement(at, { part, parts, piece: text.slice(part * size, (part + 1) * size) });
  });
}

const dataOf = async (entries: readonly RecordEntry[]): Promise<readonly unknown[]> =>
  (await all(jsonLines(from(entries)))).map((line) => (JSON.parse(line) as { data: unknown }).data);

const long = { n: 1, via: 'query', text: 'select \'😀😀😀\', "\\n"\n-- ü' };
const short = { n: 2, via: 'query', text: 'select 2' };

test.each([2, 3, 7, 20])('a statement in %i parts is one line, among others', async (parts) => {
  const entries = [statement(1, short), ...cut(2, long, parts), ...cut(3, short, parts), statement(4, short)];
  expect(await dataOf(entries)).toEqual([short, long, short, short]);
});

test('parts of which others are missing are given as they are, and spoil nothing behind them', async () => {
  const [first, second, third] = cut(2, long, 3).map((entry) => JSON.parse(String(entry.data)) as unknown);
  const gap = { reason: 'damaged', offset: 1, bytes: 2 };
  const gapEntry: RecordEntry = { ...statement(2, gap), kind: 'gap' };
  const [one, two, three] = cut(2, long, 3) as [RecordEntry, RecordEntry, RecordEntry];
  expect(await dataOf([two, three, statement(3, short)])).toEqual([second, third, short]);
  expect(await dataOf([one, gapEntry, three, statement(3, short)])).toEqual([first, gap, third, short]);
  expect(await dataOf([one, two])).toEqual([first, second]);
  expect(await dataOf([one, one, two, three])).toEqual([first, long]);
  expect(await dataOf([one, ...cut(3, short, 2)])).toEqual([first, short]);
});

test.each([3, 20])('one of %i MiB is one line too, as it was asked', async (mebibytes) => {
  const large = { n: 3, via: 'execute', text: 'select $1', parameters: ['ä"😀\n'.repeat(mebibytes * 131_072)] };
  const entries = [...cut(5, large, 40 * mebibytes), statement(6, short)];
  const [line = ''] = await all(jsonLines(from(entries)));
  expect(JSON.parse(line)).toEqual({ at: 5, kind: 'statement', channel: 0, data: large });
  expect(await dataOf(entries)).toEqual([large, short]);
});
