import { expect, test } from 'vitest';
import { sqliteViewStores } from '../../src/adapters/sqlite/view-store.ts';
import { startProjector } from '../../src/projections/kit/projector.ts';
import { count } from '../kit/counts.ts';
import { memoryLog } from '../kit/memory-log.ts';
import { startProcess } from '../kit/process.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { numbersView, started } from './kit/numbers-view.ts';
import { append } from './kit/open.ts';

const streams = 400;
const child = new URL('./kit/projecting.ts', import.meta.url).pathname;

// The log is the same at each start, so that what the killed process has kept can be gone on from.
test('killed while it projects, a view goes on without a gap or a repeat', { timeout: 600_000 }, async () => {
  for (let kill = 0; kill < count(4, 500); kill += 1) {
    const folder = tempDir();
    const running = startProcess(process.execPath, [child, folder, String(streams)]);
    await running.line(/^served/);
    for (let seen = 0; seen < kill % 40; seen += 1) await running.line(new RegExp(`^at ${seen * 8 + 8}$`));
    await running.stop('SIGKILL');

    const log = memoryLog();
    for (let index = 0; index < 2; index += 1) {
      for (let stream = 1; stream <= streams; stream += 1) await append(log, started(stream, index));
    }
    const options = { log, onWarning: (message: string) => expect.unreachable(message) };
    const view = await startProjector(numbersView(), { ...options, stores: sqliteViewStores(folder) });
    const rebuilt = await startProjector(numbersView(), { ...options, stores: sqliteViewStores(`${folder}/rebuilt`) });
    const kept = view.position();
    expect(kept).not.toBe('');
    await view.caughtUp(await log.head());
    await rebuilt.caughtUp(await log.head());
    const [resumed, afresh] = [view, rebuilt].map((one) => one.find({ limit: streams + 1 }));
    await view.close();
    await rebuilt.close();
    expect(resumed).toEqual(afresh);
    expect(resumed?.every(({ amount }) => amount === 2)).toBe(true);
  }
});
