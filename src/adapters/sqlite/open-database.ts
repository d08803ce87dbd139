import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';

export type SqliteDatabase = Database.Database;
export type SqliteStatement<Parameters extends unknown[], Result = unknown> = Database.Statement<Parameters, Result>;

/** How long a statement waits for another process's lock, in milliseconds. */
const busyMilliseconds = 5_000;

/**
 * Opens, and makes if need be, a database that only its owner may read: file 0600 (SQLite gives its -wal and -shm the
 * same mode), folder 0700. WAL with `synchronous=FULL`: a committed transaction survives a power loss.
 */
export function openDatabase(file: string): SqliteDatabase {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  chmodSync(dirname(file), 0o700);
  closeSync(openSync(file, 'a', 0o600));
  chmodSync(file, 0o600);
  const database = new Database(file, { timeout: busyMilliseconds });
  return prepared(database, () => {
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.pragma('foreign_keys = ON');
  });
}

/** Opens an existing database for reading beside its writers, who never wait for it. */
export function openReadOnly(file: string): SqliteDatabase {
  const database = new Database(file, { readonly: true, fileMustExist: true, timeout: busyMilliseconds });
  return prepared(database, () => {
    database.pragma('query_only = ON');
  });
}

function prepared(database: SqliteDatabase, work: () => void): SqliteDatabase {
  try {
    work();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
