// The log read into two fresh views, against reading and parsing the same rows: npm run bench -- log-rebuild [EVENTS]
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteViewStores } from '../../src/adapters/sqlite/view-store.ts';
import { activeTokens } from '../../src/projections/active-tokens/projection.ts';
import { startProjector } from '../../src/projections/kit/projector.ts';
import { sessionHistory } from '../../src/projections/session-history/projection.ts';
import { makeTempDir } from '../kit/temp-dir.ts';
import { compare } from './kit/compare.ts';
import { logFiller, openBenchLog } from './kit/log-of.ts';
import { readAndParse } from './kit/read-and-parse.ts';

const events = Number(process.argv[2] ?? 1_000_000);
const { path: folder, remove } = makeTempDir();
const log = await openBenchLog(folder);
try {
  await logFiller()(log, events);
  await compare({
    name: 'log-rebuild',
    unit: 'events/s',
    rounds: 3,
    ours: rebuild,
    peer: async () => {
      const read = readAndParse(folder);
      return (read.events / read.milliseconds) * 1_000;
    },
  });
} finally {
  await log.close();
  remove();
}

async function rebuild(): Promise<number> {
  const views = join(folder, 'views');
  rmSync(views, { recursive: true, force: true });
  const options = { log, stores: sqliteViewStores(views), onWarning: console.error };
  const head = await log.head();
  const start = performance.now();
  const tokens = await startProjector(activeTokens, options);
  const sessions = await startProjector(sessionHistory, options);
  await Promise.all([tokens.caughtUp(head), sessions.caughtUp(head)]);
  const seconds = (performance.now() - start) / 1_000;
  await Promise.all([tokens.close(), sessions.close()]);
  return Number(head) / seconds;
}
