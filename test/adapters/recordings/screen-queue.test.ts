import { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { recordingFile, type RecordingFile } from '../../../src/adapters/recordings/file-recordings.ts';
import { ScreenThread } from '../../../src/adapters/recordings/screens/screen-workers.ts';
import type { Work } from '../../../src/adapters/recordings/screens/worker-messages.ts';
import { begin, output, vaultIn } from './recording-kit.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

async function recorded(): Promise<RecordingFile> {
  const rig = await begin();
  await rig.writer.write(output(1, 'shown'));
  await rig.writer.close();
  return (await recordingFile(rig.data, vaultIn(rig.data), rig.session))!;
}

const seek = (file: RecordingFile): Work => ({ kind: 'screen', file, channel: 0, at: 1 });
const shown = { next: 1, state: { screen: expect.stringContaining('shown') } };

test('64 seeks wait at the most, and those that nobody wishes any more do not count', async () => {
  const file = await recorded();
  const thread = new ScreenThread(5);
  try {
    const many = await Promise.allSettled(Array.from({ length: 70 }, () => thread.run(seek(file))));
    const codes = many.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'found'));
    expect(codes).toEqual([...Array<string>(64).fill('found'), ...Array<string>(6).fill('screens-busy')]);

    const leaving = new AbortController();
    const left = Array.from({ length: 64 }, () => thread.run(seek(file), { signal: leaving.signal }));
    const all = Promise.allSettled(left);
    leaving.abort();
    const next = thread.run(seek(file));
    expect((await all).map(({ status }) => status)).toEqual(Array(64).fill('rejected'));
    expect(await next).toMatchObject(shown);
    await expect(thread.run(seek(file), { signal: leaving.signal })).rejects.toMatchObject({ code: 'screen-failed' });
  } finally {
    await thread.close();
  }
});

test('what is wished while a thread that had nothing to do ends is done by the next one', async () => {
  const file = await recorded();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const ends = vi.spyOn(Worker.prototype, 'terminate');
  const thread = new ScreenThread(5);
  try {
    expect(await thread.run(seek(file))).toMatchObject(shown);
    vi.advanceTimersByTime(30_000);
    expect(ends).toHaveBeenCalledTimes(1);
    expect(await thread.run(seek(file))).toMatchObject(shown);
  } finally {
    await thread.close();
  }
});
