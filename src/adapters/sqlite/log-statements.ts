import type { SqliteDatabase, SqliteStatement } from './open-database.ts';

/** The statements of the writer, prepared once for each connection. */
export interface LogStatements {
  readonly begin: SqliteStatement<[]>;
  readonly commit: SqliteStatement<[]>;
  readonly rollback: SqliteStatement<[]>;
  readonly size: SqliteStatement<[], number>;
  readonly tree: SqliteStatement<[], { size: number; edge: Buffer }>;
  readonly head: SqliteStatement<[string], number>;
  readonly between: SqliteStatement<[string, number, number], { position: number; id: Buffer }>;
  readonly insert: SqliteStatement<[number, string, number, Buffer, string, string, string]>;
  readonly undo: SqliteStatement<[number]>;
  readonly insertRun: SqliteStatement<[number, Buffer]>;
  readonly saveTree: SqliteStatement<[number, Buffer]>;
  readonly touchTree: SqliteStatement<[]>;
  readonly saveCheckpoint: SqliteStatement<[number, string]>;
  readonly newestCheckpoint: SqliteStatement<[], number>;
}

export function logStatements(db: SqliteDatabase): LogStatements {
  return {
    begin: db.prepare('BEGIN IMMEDIATE'),
    commit: db.prepare('COMMIT'),
    rollback: db.prepare('ROLLBACK'),
    size: db.prepare<[], number>('SELECT size FROM tree').pluck(),
    tree: db.prepare('SELECT size, edge FROM tree'),
    head: db.prepare<[string], number>('SELECT max(version) FROM events WHERE stream = ?').pluck(),
    between: db.prepare(
      'SELECT position, id FROM events WHERE stream = ? AND version > ? AND version <= ? ORDER BY version',
    ),
    insert: db.prepare(
      'INSERT INTO events (position, stream, version, id, type, metadata, data) VALUES (?, ?, ?, ?, ?, ?, ?)',
    ),
    undo: db.prepare('DELETE FROM events WHERE position > ?'),
    insertRun: db.prepare('INSERT INTO leaf_runs (first, hashes) VALUES (?, ?)'),
    saveTree: db.prepare('UPDATE tree SET size = ?, edge = ?'),
    touchTree: db.prepare('UPDATE tree SET size = size'),
    saveCheckpoint: db.prepare('INSERT OR IGNORE INTO checkpoints (size, note) VALUES (?, ?)'),
    newestCheckpoint: db.prepare<[], number>('SELECT max(size) FROM checkpoints').pluck(),
  };
}
