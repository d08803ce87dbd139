import { join } from 'node:path';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { SqliteDatabase } from './open-database.ts';

/** The database of the log, inside the data folder. */
export function logFile(folder: string): string {
  return join(folder, 'log.sqlite');
}

/** The newest checkpoint as a file, inside the data folder. */
export function checkpointFile(folder: string): string {
  return join(folder, 'log.checkpoint');
}

const formatVersion = 1;

// Leaf hashes lie apart from the events, a run for each transaction, so that events that were moved together with what
// belongs to them still differ from what was hashed at their place.
const tables = `
CREATE TABLE events (
  position INTEGER PRIMARY KEY,
  stream TEXT NOT NULL,
  version INTEGER NOT NULL,
  id BLOB NOT NULL,
  type TEXT NOT NULL,
  metadata TEXT NOT NULL,
  data TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX events_by_stream ON events (stream, version);
CREATE UNIQUE INDEX events_by_id ON events (id);
CREATE TABLE leaf_runs (first INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT;
CREATE TABLE tree (only INTEGER PRIMARY KEY CHECK (only = 1), size INTEGER NOT NULL, edge BLOB NOT NULL) STRICT;
CREATE TABLE checkpoints (size INTEGER PRIMARY KEY, note TEXT NOT NULL) STRICT;
INSERT INTO tree (only, size, edge) VALUES (1, 0, x'');
PRAGMA user_version = ${formatVersion};
`;

/** Makes the tables of a new log; two processes may do so at once. */
export function prepareLog(database: SqliteDatabase): void {
  database
    .transaction(() => {
      const found = database.pragma('user_version', { simple: true });
      if (found === 0) database.exec(tables);
      else checkFormat(found);
    })
    .immediate();
}

/** Errors: `unavailable`, `log-format` when a newer or foreign program wrote this file. */
export function checkFormat(found: unknown): void {
  if (found === formatVersion) return;
  const message = `the log has format ${String(found)}, this program reads format ${formatVersion}: use the version that wrote it`;
  throw new SallyportError('unavailable', 'log-format', message);
}
