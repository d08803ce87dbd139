// From opening the log to views that have caught up, on a long log: npm run bench -- start [EVENTS]
// The peer is what a start without checkpoints would have to do at the very least: read and parse the log once.
import { join } from 'node:path';
import { sqliteViewStores } from '../../src/adapters/sqlite/view-store.ts';
import { openViews } from '../../src/projections/open-views.ts';
import { makeTempDir } from '../kit/temp-dir.ts';
import { compare } from './kit/compare.ts';
import { logFiller, openBenchLog } from './kit/log-of.ts';
import { readAndParse } from './kit/read-and-parse.ts';

const events = Number(process.argv[2] ?? 1_000_000);
/** Appended after the views were closed: the checkpoints are near the head, not at it. */
const behind = 1_000;
const { path: folder, remove } = makeTempDir();
const views = join(folder, 'views');
const fill = logFiller();
let filled = events;
try {
  await append();
  const built = await start();
  await compare({
    name: 'start',
    unit: 'ms',
    rounds: 3,
    ours: async () => {
      filled += behind;
      await append();
      return start();
    },
    peer: async () => readAndParse(folder).milliseconds,
    more: () => ({ firstBuildMs: Math.round(built) }),
  });
} finally {
  remove();
}

async function append(): Promise<void> {
  const log = await openBenchLog(folder);
  await fill(log, filled);
  await log.close();
}

/** Milliseconds until everything is ready; a view that was never built is built. */
async function start(): Promise<number> {
  const from = performance.now();
  const log = await openBenchLog(folder);
  const opened = await openViews({ log, stores: sqliteViewStores(views), onWarning: console.error });
  await opened.caughtUp();
  const milliseconds = performance.now() - from;
  await opened.close();
  await log.close();
  return milliseconds;
}
