import { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { recordingFile, type RecordingFile } from '../../../src/adapters/recordings/file-recordings.ts';
import { ScreenThread } from '../../../src/adapters/recordings/screens/screen-workers.ts';
import type { Work } from '../../../src/adapters/recordings/screens/worker-messages.ts';
import type { SallyportError } from '../../../src/domain/kernel/errors.ts';
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
  const thread = new ScreenThread(5, () => {});
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
  const thread = new ScreenThread(5, () => {});
  try {
    expect(await thread.run(seek(file))).toMatchObject(shown);
    vi.advanceTimersByTime(30_000);
    expect(ends).toHaveBeenCalledTimes(1);
    expect(await thread.run(seek(file))).toMatchObject(shown);
  } finally {
    await thread.close();
  }
});

test.each([
  ['screen', { channel: 0, at: 1 }, 'the screen could not be computed'],
  ['survey', {}, 'the screens of this recording could not be computed'],
  ['search', { from: 0, text: 'x', most: 1 }, 'this recording could not be searched'],
  [
    'statements',
    { live: false, wish: { record: 0, text: null, most: 1 } },
    'the statements of this recording could not be read',
  ],
])(
  'work of kind %s that fails says so in words of its own, and where the file is goes to the log alone',
  async (kind, work, words) => {
    const place = '/nowhere/of/this/machine.rec';
    const file = { path: place, uuid: '00000000-0000-7000-8000-000000000000', key: Buffer.alloc(32) };
    const logged: SallyportError[] = [];
    const thread = new ScreenThread(5, (error) => void logged.push(error));
    try {
      const error = await thread
        .run({ kind, ...work, file } as unknown as Work)
        .catch((each: unknown) => each as SallyportError);
      expect(error).toMatchObject({
        kind: 'unavailable',
        code: 'screen-failed',
        message: expect.stringContaining(words),
      });
      expect((error as SallyportError).message).not.toContain('machine');
      expect(logged).toEqual([error]);
      expect(String(logged[0]?.cause)).toContain(place);
    } finally {
      await thread.close();
    }
  },
);
