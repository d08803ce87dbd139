import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { recordingFile } from '../../../src/adapters/recordings/file-recordings.ts';
import { Surveys } from '../../../src/adapters/recordings/replay/surveys.ts';
import { until } from '../../kit/until.ts';
import { begin, fileOf, output, vaultIn } from './recording-kit.ts';

/** A recording of a few records, and surveys of it by a clock that is set. */
async function rigOf() {
  const rig = await begin();
  await rig.writer.write(output(1, 'shown'));
  await rig.writer.close();
  const file = (await recordingFile(rig.data, vaultIn(rig.data), rig.session))!;
  const clock = { now: 0 };
  const surveys = new Surveys(
    () => clock.now,
    () => {},
  );
  onTestFinished(async () => surveys.close());
  /** In the way of the file that a survey writes. */
  const obstacle = fileOf(rig.data, rig.session).replace(/\.rec$/, '.screens.part');
  const isKept = (): boolean => readdirSync(join(rig.data, 'recordings')).some((name) => name.endsWith('.screens'));
  /** Begins one, and gives the error with which it is refused once it has failed. */
  const failure = async (): Promise<{ code: string; message: string; retryAfterSeconds: number }> => {
    expect(surveys.begin(file)).toMatchObject({ done: 0 });
    let told: unknown;
    await until(
      () => {
        try {
          surveys.begin(file);
        } catch (error) {
          told = error;
        }
        return told !== undefined;
      },
      { what: 'the failure of the survey', deadlineMs: 60_000 },
    );
    return told as { code: string; message: string; retryAfterSeconds: number };
  };
  return { file, surveys, clock, obstacle, isKept, failure };
}

test('a survey that failed rests for longer each time, and says so without what went wrong inside', async () => {
  const { file, surveys, clock, obstacle, isKept, failure } = await rigOf();
  mkdirSync(obstacle);
  const first = await failure();
  expect(first).toMatchObject({ kind: 'unavailable', code: 'screens-failed', retryAfterSeconds: 30 });
  expect(first.message).not.toContain('.screens');
  clock.now = 29_999;
  expect(() => surveys.begin(file)).toThrow(/tried again in 1 s/);
  for (const seconds of [60, 120, 240, 480, 960, 1_920, 3_600, 3_600]) {
    clock.now += 3_600_000;
    expect((await failure()).retryAfterSeconds).toBe(seconds);
  }

  rmSync(obstacle, { recursive: true });
  expect(() => surveys.begin(file)).toThrow();
  clock.now += 3_600_000;
  surveys.begin(file);
  await until(isKept, { what: 'the screens', deadlineMs: 60_000 });
});

test('one that went well begins again with the shortest rest', async () => {
  const { file, surveys, clock, obstacle, isKept, failure } = await rigOf();
  mkdirSync(obstacle);
  expect((await failure()).retryAfterSeconds).toBe(30);
  rmSync(obstacle, { recursive: true });
  clock.now = 30_000;
  await until(() => surveys.begin(file).of >= 0 && isKept(), { what: 'the screens', deadlineMs: 60_000 });
  mkdirSync(obstacle);
  expect((await failure()).retryAfterSeconds).toBe(30);
});
