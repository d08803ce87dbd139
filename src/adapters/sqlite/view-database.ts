import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { openDatabase, type SqliteDatabase } from './open-database.ts';
import { tableStatements, type ViewShape } from './view-shape.ts';

const pageBytes = 8192;
/** Negative: kibibytes. A build touches pages all over its tables; a view that is served, few. */
const buildCacheKibibytes = -65_536;

/** A view's file while it serves. Views can be built again: a power loss may cost the last commits, never the order. */
export function openServing(file: string): SqliteDatabase {
  const database = openDatabase(file);
  database.pragma('synchronous = NORMAL');
  return database;
}

/**
 * A view's file while it is built: beside the one that serves, written without a journal on disk and without syncs,
 * since nobody reads it before `sealBuild` and what a kill leaves behind is thrown away.
 */
export function openBuilding(file: string, shape: ViewShape): SqliteDatabase {
  removeDatabase(file);
  const database = openDatabase(file);
  try {
    database.pragma('journal_mode = MEMORY');
    database.pragma('synchronous = OFF');
    database.pragma(`cache_size = ${buildCacheKibibytes}`);
    database.pragma(`page_size = ${pageBytes}`);
    database.exec('VACUUM');
    database.exec(tableStatements(shape));
    database
      .prepare("INSERT INTO progress (only, shape, checkpoint, newest_at) VALUES (1, ?, '', '')")
      .run(JSON.stringify(shape));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Puts a finished, closed build in the place of the file that served, which must be closed: a name has one owner. */
export function swapBuild(building: string, file: string): void {
  sync(building);
  // A journal left by the old file would be read as the new one's.
  for (const suffix of ['-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  renameSync(building, file);
  sync(dirname(file));
}

export function removeDatabase(file: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${suffix}`, { force: true });
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
