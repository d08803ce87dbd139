// The log read into two fresh views, against reading and parsing the same rows: npm run bench -- log-rebuild [EVENTS]
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { logFile } from '../../src/adapters/sqlite/log-schema.ts';
import { sqliteViewStores } from '../../src/adapters/sqlite/view-store.ts';
import { activeTokens } from '../../src/projections/active-tokens/projection.ts';
import { auditTrail } from '../../src/projections/audit-trail/projection.ts';
import { startProjector } from '../../src/projections/kit/projector.ts';
import { sessionHistory } from '../../src/projections/session-history/projection.ts';
import { makeTempDir } from '../kit/temp-dir.ts';
import { compare } from './kit/compare.ts';
import { fillLog, openBenchLog } from './kit/log-of.ts';

const events = Number(process.argv[2] ?? 1_000_000);
const { path: folder, remove } = makeTempDir();
const log = await openBenchLog(folder);
try {
  await fillLog(log, events);
  const figures: Record<string, number> = {};
  await compare({
    name: 'log-rebuild',
    unit: 'events/s',
    rounds: 3,
    ours: () => rebuild(activeTokens, sessionHistory),
    peer: async () => readAndParse(),
    more: () => figures,
  });
} finally {
  await log.close();
  remove();
}

async function rebuild(
  ...views: readonly [typeof activeTokens, typeof sessionHistory | typeof auditTrail]
): Promise<number> {
  const views_ = join(folder, 'views');
  rmSync(views_, { recursive: true, force: true });
  const options = { log, stores: sqliteViewStores(views_), onWarning: console.error };
  const head = await log.head();
  const start = performance.now();
  const running = [
    await startProjector(views[0], options),
    await startProjector(views[1] as typeof auditTrail, options),
  ];
  await Promise.all(running.map((view) => view.caughtUp(head)));
  const seconds = (performance.now() - start) / 1_000;
  for (const view of running) await view.close();
  return events / seconds;
}

function readAndParse(): number {
  const database = new Database(logFile(folder), { readonly: true });
  const start = performance.now();
  let read = 0;
  const rows = database.prepare(
    'SELECT position, stream, version, id, type, metadata, data FROM events ORDER BY position',
  );
  for (const row of rows.iterate() as IterableIterator<{ metadata: string; data: string }>) {
    JSON.parse(row.metadata);
    JSON.parse(row.data);
    read += 1;
  }
  const seconds = (performance.now() - start) / 1_000;
  database.close();
  return read / seconds;
}
