import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { output, writeAll } from '../recordings/recording-kit.ts';
import { type Line, readingRig } from './reading-kit.ts';

const refusals = 700;
const every = 100;

let rig: Awaited<ReturnType<typeof readingRig>>;
let reading: string;

beforeAll(async () => {
  rig = await readingRig();
  await writeAll(
    rig.writer,
    Array.from({ length: refusals }, (_, n) => output(n * every, 'x')),
  );
  for (let n = 0; n < refusals; n += 1) {
    await rig.run({ type: 'refuse-channel', kind: 'x11', name: String(n) }, n * every + 50);
  }
  await rig.writer.close();
  ({
    json: { reading },
  } = await rig.openReading());
});
afterAll(async () => rig.close());

async function pages(limit: number): Promise<{ readonly lines: readonly Line[]; readonly read: readonly number[] }> {
  const lines: Line[] = [];
  const read: number[] = [];
  const readStream = vi.spyOn(rig.log, 'readStream');
  try {
    for (let after = ''; ; ) {
      readStream.mockClear();
      const page = await rig.lines(reading, `/rail?limit=${String(limit)}${after}`);
      const given = await Promise.all(
        readStream.mock.results.map((result) => result.value as Promise<readonly unknown[]>),
      );
      read.push(given.reduce((sum, events) => sum + events.length, 0));
      expect(page.length).toBeLessThanOrEqual(limit + 1);
      lines.push(...page.slice(0, -1));
      const { next } = page.at(-1)!;
      // A session that lives gives a place to go on from for ever.
      if (typeof next !== 'string' || page.length === 1) return { lines, read };
      after = `&after=${next}`;
    }
  } finally {
    readStream.mockRestore();
  }
}

test('every refusal is on the rail once and in order, whatever the size of a page', async () => {
  const names = Array.from({ length: refusals }, (_, n) => [n * every + 50, 'denied', String(n)]);
  for (const limit of [1_000, 137]) {
    const { lines } = await pages(limit);
    expect(lines.map(({ at, kind, name }) => [at, kind, name])).toEqual(names);
  }
});

test('a page reads no more of the stream of the session than it tells', async () => {
  // What a session is folded from is read once.
  await pages(1_000);
  const { read } = await pages(25);
  expect(read.length).toBeGreaterThan(20);
  expect(Math.max(...read)).toBeLessThan(300);
});

test('what comes later of a session that lives is told from where the rail ended, and its end too', async () => {
  let { next } = (await rig.lines(reading, '/rail?limit=10000')).at(-1)!;
  expect(await rig.lines(reading, `/rail?after=${String(next)}`)).toEqual([{ next, at: (refusals - 1) * every }]);
  await rig.run({ type: 'refuse-channel', kind: 'agent', name: 'late' }, refusals * every + 1_000);
  const [told, end] = await rig.lines(reading, `/rail?after=${String(next)}`);
  expect(told).toEqual({ at: refusals * every + 1_000, kind: 'denied', what: 'agent', name: 'late' });
  ({ next } = end!);
  await rig.run({ type: 'end', reason: 'closed-by-client', message: null, bytesReceived: 1, bytesSent: 2 }, 90_000);
  const last = await rig.lines(reading, `/rail?after=${String(next)}`);
  expect(last).toEqual([
    { at: 90_000, kind: 'session-ended', reason: 'closed-by-client' },
    { next: null, at: 90_000 },
  ]);
});
