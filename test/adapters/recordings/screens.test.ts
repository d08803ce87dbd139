import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSecretKey } from 'node:crypto';
import { recordingFile } from '../../../src/adapters/recordings/file-recordings.ts';
import { recordingReader } from '../../../src/adapters/recordings/reader.ts';
import { screenAt } from '../../../src/adapters/recordings/screens/screen-at.ts';
import { keptScreens } from '../../../src/adapters/recordings/screens/screens-file.ts';
import { survey, type SurveyedFile } from '../../../src/adapters/recordings/screens/survey.ts';
import { fileReplays } from '../../../src/adapters/recordings/replay/file-replays.ts';
import { ChannelScreen } from '../../../src/adapters/recordings/screens/channel-screen.ts';
import type { Replay, Screen } from '../../../src/application/ports/replays.ts';
import { count, deep } from '../../kit/counts.ts';
import { until } from '../../kit/until.ts';
import { begin, output, someKey, vaultIn } from './recording-kit.ts';

const nobody = new AbortController().signal;
const hours = 6 * 3_600_000;
const bytesRead = (): number => Number(/^rchar: (\d+)/.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);

async function shown(replay: Replay, channel: number, at: number): Promise<Screen> {
  let found: Screen | undefined;
  await until(
    async () => {
      const screen = await replay.screen(channel, at, nobody);
      if (screen !== null && !('computing' in screen)) found = screen;
      return found !== undefined;
    },
    { what: `the screen at ${String(at)}`, deadlineMs: deep ? 600_000 : 90_000 },
  );
  return found!;
}

/** Lines of a log with colours, so that a file of them is about as hard as real ones. */
const block = (number: number): string =>
  Array.from(
    { length: 200 },
    (_, line) =>
      `\u001b[32m${String(number)}.${String(line)}\u001b[0m ${((number * 7919 + line * 104_729) % 1e9).toString(36).repeat(12)}\r\n`,
  ).join('');

const megabytes = count(14, 500);
test(`any moment of a recording of 6 hours and ${String(megabytes)} MB is on the screen in under 2 s, read from what is needed`, async () => {
  const rig = await begin();
  const replays = fileReplays(rig.data, vaultIn(rig.data), () => {});
  try {
    let bytes = 0;
    const blocks: { readonly at: number; readonly record: number }[] = [];
    const perBlock = block(1).length;
    const all = Math.ceil((megabytes * 1e6) / perBlock);
    for (let number = 0; number < all; number += 1) {
      const at = Math.floor((number / all) * hours);
      const text = block(number);
      bytes += text.length;
      blocks.push({ at, record: number });
      await rig.writer.write(output(at, text));
    }
    await rig.writer.close();
    const replay = (await replays.open(rig.session))!;
    expect(await replay.screen(0, hours, nobody)).toEqual({ computing: expect.anything() });
    const began = performance.now();
    await shown(replay, 0, hours);
    const surveyed = performance.now() - began;
    const times: number[] = [];
    for (const place of [0, 0.13, 0.5, 0.77, 0.999]) {
      const { at, record } = blocks[Math.floor(place * all)]!;
      const [before, start] = [bytesRead(), performance.now()];
      const screen = await replay.screen(0, at, nobody);
      times.push(performance.now() - start);
      expect(bytesRead() - before).toBeLessThan(24 << 20);
      if (screen === null || 'computing' in screen) throw new Error('it was computed before');
      expect(screen).toMatchObject({ next: record + 1, columns: 80, rows: 24 });
      const expected = new ChannelScreen();
      for (let number = Math.max(0, record - 8); number <= record; number += 1)
        await expected.take(output(0, block(number)));
      expect(screen.screen).toBe((await expected.state()).screen);
    }
    const size = statSync(join(rig.data, 'recordings', screensOf(rig.data))).size;
    process.stdout.write(
      `screens of ${String(Math.round(bytes / 1e6))} MB: survey ${String(Math.round(surveyed))} ms, ${String(size)} bytes, seeks ${times.map((time) => String(Math.round(time))).join(' ')} ms\n`,
    );
    expect(Math.max(...times)).toBeLessThan(deep ? 2_000 : 10_000);
  } finally {
    await replays.close();
  }
});

const screensOf = (data: string): string =>
  readdirSync(join(data, 'recordings')).find((name) => name.endsWith('.screens')) ?? '';

/** What a worker has, in this thread. */
async function surveyed(rig: Awaited<ReturnType<typeof begin>>): Promise<SurveyedFile> {
  const file = (await recordingFile(rig.data, vaultIn(rig.data), rig.session))!;
  const key = createSecretKey(file.key);
  const { path, uuid } = file;
  return { reader: recordingReader(path, uuid, key), uuid, key, screensPath: path.replace('.rec', '.screens') };
}

test('screens are sealed; a damaged, cut or foreign file of them counts for nothing, and the screen is the same', async () => {
  const rig = await begin();
  for (let number = 0; number < 20; number += 1) await rig.writer.write(output(number * 10, block(number)));
  await rig.writer.close();
  const file = await surveyed(rig);
  const without = await screenAt(file, 0, 190);
  expect(readdirSync(join(rig.data, 'recordings'))).toHaveLength(1);
  await survey(file, () => undefined);
  const path = file.screensPath;
  const bytes = readFileSync(path);
  expect([bytes.includes('\u001b[32m19.'), statSync(path).mode & 0o777]).toEqual([false, 0o600]);
  const chunks = await file.reader.chunks();
  const kept = async () => keptScreens(path, file.uuid, file.key, chunks);
  expect((await kept())?.table.places).toMatchObject([{ channel: 0, record: 20, at: 190, ended: false }]);
  expect(await screenAt(file, 0, 190)).toEqual(without);
  const changed = (at: number) => (): void => {
    const bad = Buffer.from(bytes);
    bad[at] = bad[at]! ^ 1;
    writeFileSync(path, bad);
  };
  const damages = [
    ...[0, 8, 40, 100, bytes.length - 20, bytes.length - 6].map(changed),
    () => truncateSync(path, bytes.length - 1),
    () => writeFileSync(path, ''),
  ];
  for (const damage of damages) {
    damage();
    expect(await screenAt(file, 0, 190)).toEqual(without);
  }
  writeFileSync(path, bytes);
  expect(await kept()).not.toBeNull();
  expect(await keptScreens(path, file.uuid, someKey, chunks)).toBeNull();
  expect(await keptScreens(path, file.uuid, file.key, [{ ...chunks[0]!, bytes: 1 }])).toBeNull();
  await survey(file, () => undefined);
  expect(readFileSync(path).subarray(24, 56).equals(bytes.subarray(24, 56))).toBe(false);
});

test('a session that lives: the screens of what is sealed, then of more, and the records from there on', async () => {
  const rig = await begin();
  const replays = fileReplays(rig.data, vaultIn(rig.data), () => {});
  try {
    const replay = (await replays.open(rig.session))!;
    await rig.writer.write(output(0, 'first\r\n\u001b]0;ti', 0));
    await rig.writer.write(output(1, 'other channel', 3));
    await rig.writer.write(output(2, 'tle\u0007second', 0));
    const screen = await shown(replay, 0, 1);
    expect([screen.screen.includes('first'), screen.screen.includes('other'), screen.next]).toEqual([true, false, 2]);
    const lines: string[] = [];
    const wish = { from: { record: screen.next }, to: Infinity, bytes: 1e6, follow: null };
    for await (const line of replay.records(wish, true)) lines.push(line);
    expect(lines.map((line) => (JSON.parse(line) as { text?: string }).text)).toEqual(['second', undefined]);
    expect((await shown(replay, 3, 1)).screen).toContain('other channel');
  } finally {
    await replays.close();
  }
  const file = await surveyed(rig);
  await until(async () => (await file.reader.chunks()).length > 0, { what: 'the first chunk' });
  await survey(file, () => undefined);
  for (let number = 0; number < 20; number += 1) await rig.writer.write(output(10 + number, block(number)));
  await rig.writer.close();
  const before = await screenAt(file, 0, 29);
  await survey(file, () => undefined);
  const kept = await keptScreens(file.screensPath, file.uuid, file.key, await file.reader.chunks());
  expect(kept?.table.places.map(({ channel, record }) => [channel, record])).toEqual([
    [3, 1],
    [0, 3],
    [3, 3],
    [0, 23],
  ]);
  expect(await screenAt(file, 0, 29)).toEqual(before);
});
