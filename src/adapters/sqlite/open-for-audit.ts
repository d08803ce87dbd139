import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openReadOnly } from './open-database.ts';
import type { SqliteDatabase } from './open-database.ts';

export interface AuditDatabase {
  readonly database: SqliteDatabase;
  close(): void;
}

/**
 * Opens a database that somebody else may be writing to, or that lies where nothing can be written: reading a WAL takes
 * a -shm file beside it, so that there a copy is read instead. Nobody writes to such a folder, so the copy is whole.
 */
export function openForAudit(file: string): AuditDatabase {
  try {
    const database = readable(openReadOnly(file));
    return { database, close: () => database.close() };
  } catch (error) {
    if (!isCannotOpen(error) || !existsSync(file)) throw error;
  }
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-audit-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    const copy = join(folder, 'log.sqlite');
    copyFileSync(file, copy);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${copy}-wal`);
    const database = readable(openReadOnly(copy));
    return {
      database,
      close: () => {
        database.close();
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function readable(database: SqliteDatabase): SqliteDatabase {
  try {
    database.pragma('user_version');
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function isCannotOpen(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_IOERR');
}
