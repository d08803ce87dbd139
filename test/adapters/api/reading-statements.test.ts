import { expect, onTestFinished, test, vi } from 'vitest';
import { jsonLines } from '../../../src/adapters/recordings/jsonl.ts';
import type { RecordEntry } from '../../../src/application/ports/recordings.ts';
import { all, writeAll } from '../recordings/recording-kit.ts';
import { readingRig } from './reading-kit.ts';

const statement = (at: number, data: object): RecordEntry => ({
  kind: 'statement',
  at,
  channel: 0,
  data: Buffer.from(JSON.stringify(data)),
});

/** As the proxy writes a statement that is too long for one record. */
function inParts(at: number, data: object): readonly RecordEntry[] {
  const text = JSON.stringify(data);
  const size = 128 * 1024;
  const parts = Math.ceil(text.length / size);
  return Array.from({ length: parts }, (_, part) =>
    statement(at, { part, parts, piece: text.slice(part * size, (part + 1) * size) }),
  );
}

async function rigOf(entries: readonly RecordEntry[], isOver: boolean) {
  const rig = await readingRig();
  onTestFinished(async () => rig.close());
  await writeAll(rig.writer, entries);
  if (isOver) {
    await rig.writer.close();
    await rig.end();
  }
  const { json: opened } = await rig.openReading();
  return { ...rig, get: async (query: string) => rig.lines(opened.reading, `/statements${query}`) };
}

test('the end of a session that lives is a place to go on from, as often as it is asked', async () => {
  const one = { n: 1, via: 'query', text: 'select 1' };
  const two = { n: 2, via: 'query', text: 'select 2' };
  const { get, writer } = await rigOf([statement(1, one)], false);
  expect(await get('')).toEqual([{ at: 1, ...one }, { next: 1 }]);
  expect(await get('?record=1')).toEqual([{ next: 1 }]);
  expect(await get('?record=1&text=select')).toEqual([{ next: 1 }]);
  await writer.write(statement(2, two));
  expect(await get('?record=1')).toEqual([{ at: 2, ...two }, { next: 2 }]);
  expect(await get('?record=7')).toEqual([{ next: 7 }]);
  await writer.close();
});

test('a statement of many MiB is read whole, and never in one go beside other requests', async () => {
  const long = { n: 1, via: 'query', text: `${'-- x\n'.repeat(1_200_000)}drop`, kind: 'drop table', verdict: 'denied' };
  const { get, reader } = await rigOf([...inParts(1, long), statement(2, { n: 2, via: 'query', text: 's' })], true);
  const parsed = vi.spyOn(JSON, 'parse');
  onTestFinished(() => parsed.mockRestore());
  const longest = (): number => Math.max(...parsed.mock.calls.map(([text]) => text.length));
  const about = { n: 1, via: 'query', kind: 'drop table', verdict: 'denied', cut: 0 };
  expect(await get('')).toMatchObject([about, { n: 2 }, { next: null }]);
  expect(await get('?text=DROP')).toMatchObject([about, { next: null }]);
  expect(longest()).toBeLessThan(1024 * 1024);

  const exported = await all(jsonLines((await reader()).read({})));
  expect(longest()).toBeLessThan(1024 * 1024);
  expect((JSON.parse(exported[0] ?? '') as { data: unknown }).data).toEqual(long);
});

test('of a statement whose parts are not together the beginning is told, whatever is looked for', async () => {
  const [first, , third] = inParts(1, { n: 7, via: 'execute', text: 'x'.repeat(300_000) });
  const { get } = await rigOf([first!, third!, statement(2, { n: 8, via: 'query', text: 'needle' })], true);
  const begun = { at: 1, n: 7, via: 'execute', cut: 0 };
  expect(await get('')).toEqual([begun, { at: 2, n: 8, via: 'query', text: 'needle' }, { next: null }]);
  expect(await get('?text=needle')).toMatchObject([begun, { n: 8 }, { next: null }]);
});
