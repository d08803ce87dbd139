import { createSecretKey } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { recordingFile } from '../../../src/adapters/recordings/file-recordings.ts';
import { recordingReader } from '../../../src/adapters/recordings/reader.ts';
import { screenAt } from '../../../src/adapters/recordings/screens/screen-at.ts';
import { keptScreens, type ScreenPlace } from '../../../src/adapters/recordings/screens/screens-file.ts';
import { survey, type SurveyedFile } from '../../../src/adapters/recordings/screens/survey.ts';
import type { RecordEntry, RecordingReader } from '../../../src/application/ports/recordings.ts';
import { begin, output, vaultIn } from './recording-kit.ts';

type Rig = Awaited<ReturnType<typeof begin>>;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const channelRecord = (channel: number, value: object): RecordEntry => ({
  kind: 'channel',
  at: channel,
  channel,
  data: Buffer.from(JSON.stringify(value)),
});
/** The largest terminal: 6 MB of cells before anything scrolls. */
const started = (channel: number): RecordEntry =>
  channelRecord(channel, { event: 'started', kind: 'shell', command: null, pty: { columns: 1_000, rows: 500 } });
const ended = (channel: number): RecordEntry => channelRecord(channel, { event: 'ended', exitCode: 0 });

async function fileOf(rig: Rig): Promise<SurveyedFile> {
  const { path, uuid, key: bytes } = (await recordingFile(rig.data, vaultIn(rig.data), rig.session))!;
  const key = createSecretKey(bytes);
  return { reader: recordingReader(path, uuid, key), uuid, key, screensPath: path.replace('.rec', '.screens') };
}

/** Surveys, and gives how many MB outside of the heap it held at the most, looked at between records. */
async function surveyed(file: SurveyedFile): Promise<number> {
  const held = (): number => {
    collect();
    return process.memoryUsage().arrayBuffers / 1e6;
  };
  const before = held();
  let most = 0;
  async function* watched(records: ReturnType<RecordingReader['walk']>): ReturnType<RecordingReader['walk']> {
    for await (const record of records) {
      most = Math.max(most, held() - before);
      yield record;
    }
  }
  const reader: RecordingReader = {
    ...file.reader,
    walk: (...wish) => watched(file.reader.walk(...wish)),
  };
  await survey({ ...file, reader }, () => undefined);
  return most;
}

async function places(file: SurveyedFile): Promise<readonly ScreenPlace[]> {
  const kept = await keptScreens(file.screensPath, file.uuid, file.key, await file.reader.chunks());
  return kept!.table.places;
}

test('a survey holds no terminal of a channel that ended, in the same run nor in the next', async () => {
  const rig = await begin();
  for (let channel = 0; channel < 15; channel += 1) {
    await rig.writer.write(started(channel));
    await rig.writer.write(output(channel, `this is ${String(channel)}`, channel));
    await rig.writer.write(ended(channel));
  }
  await rig.writer.close();
  const file = await fileOf(rig);
  expect(await surveyed(file)).toBeLessThan(40);
  const first = await places(file);
  expect(first.filter((place) => place.ended).map(({ channel }) => channel)).toEqual([...Array(15).keys()]);
  expect(await surveyed(file)).toBeLessThan(40);
  expect((await places(file)).map(({ channel, record }) => [channel, record])).toEqual(
    first.map(({ channel, record }) => [channel, record]),
  );
});

test('a channel that starts anew after its end has screens again, and what comes late behind the end changes none', async () => {
  const rig = await begin();
  const lines = [started(1), output(1, 'before', 1), ended(1), output(1, 'late', 1), started(1), output(1, 'anew', 1)];
  for (const entry of lines) await rig.writer.write(entry);
  await rig.writer.close();
  const file = await fileOf(rig);
  await surveyed(file);
  const kept = await keptScreens(file.screensPath, file.uuid, file.key, await file.reader.chunks());
  const states = kept!.table.places.map(async (place) => {
    const { screen } = (await kept!.state(place))!;
    return [place.record, place.ended, /before|late|anew/g.exec(screen)?.[0]];
  });
  expect(await Promise.all(states)).toEqual([
    [3, true, 'before'],
    [4, false, undefined],
    [6, false, 'anew'],
  ]);
});

test('the terminals that live at a time have 8 million cells together: who grows beyond is in the records alone', async () => {
  const rig = await begin();
  for (let channel = 0; channel < 12; channel += 1) await rig.writer.write(started(channel));
  await rig.writer.close();
  const file = await fileOf(rig);
  expect(await surveyed(file)).toBeLessThan(50);
  const givenUp = (await places(file)).filter((place) => place.ended).map(({ channel }) => channel);
  expect(givenUp).toEqual([4, 5, 6, 7, 8, 9, 10, 11]);
});

test('after a survey a channel of which no screen is kept is absent, and one that ended long ago shows its last screen', async () => {
  const rig = await begin();
  await rig.writer.write(started(0));
  await rig.writer.write(output(0, 'the last words', 0));
  await rig.writer.write(ended(0));
  for (let channel = 1; channel < 17; channel += 1) await rig.writer.write(output(channel, 'x', channel));
  await rig.writer.write(output(100, 'the seventeenth', 17));
  const megabyte = 'y'.repeat(1 << 20);
  for (let at = 101; at < 115; at += 1) await rig.writer.write(output(at, megabyte, 1));
  await rig.writer.write(output(200, 'z', 1));
  await rig.writer.close();
  const file = await fileOf(rig);
  expect([await screenAt(file, 17, 150), await screenAt(file, 99, 150)]).toEqual([null, null]);
  await survey(file, () => undefined);
  expect([await screenAt(file, 17, 150), await screenAt(file, 99, 150)]).toEqual(['absent', 'absent']);
  const last = await screenAt(file, 0, 150);
  expect(last).toMatchObject({ next: 34, state: { ended: true, screen: expect.stringContaining('the last words') } });
});
