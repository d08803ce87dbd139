import type { Statement } from 'better-sqlite3';
import type { ViewChanges } from '../../application/ports/view-store.ts';
import type { Row, ViewDefinition } from '../../application/ports/views.ts';
import type { Position } from '../../domain/kernel/event.ts';
import type { StreamId } from '../../domain/kernel/ids.ts';
import { plusMilliseconds } from '../../domain/kernel/time.ts';
import type { SqliteDatabase } from './open-database.ts';
import { rowEncoder, type SqliteValue } from './view-codec.ts';
import { columnList } from './view-query.ts';
import { quoted, type ViewShape } from './view-shape.ts';

interface Progress {
  readonly checkpoint: Position;
  readonly newest_at: string;
}

/** Writes the rows of one view's database, with the checkpoint in the same transaction. */
export class ViewWriter<R extends Row> {
  readonly parked: Set<StreamId>;
  #checkpoint: Position;
  #newestAt: string;
  readonly #database: SqliteDatabase;
  readonly #key: string;
  readonly #expiry: ViewDefinition['expiry'];
  readonly #encode: (row: Row) => SqliteValue[];
  readonly #put: Statement;
  readonly #remove: Statement;
  readonly #park: Statement;
  readonly #progress: Statement;
  /** Undefined for a view that remembers nothing: its file may be older than the table. */
  readonly #remember: Statement | undefined;
  readonly #recall: Statement | undefined;
  readonly #write: (changes: ViewChanges<R>, sweep: boolean) => readonly string[];

  constructor(
    database: SqliteDatabase,
    definition: ViewShape & Pick<ViewDefinition, 'expiry' | 'personal' | 'remember'>,
  ) {
    this.#database = database;
    this.#key = quoted(definition.key);
    this.#expiry = definition.expiry;
    if (definition.personal === true) database.pragma('secure_delete = ON');
    this.#encode = rowEncoder(definition.columns);
    const marks = Object.keys(definition.columns).map(() => '?');
    this.#put = database.prepare(`REPLACE INTO rows (${columnList(definition)}) VALUES (${marks.join(', ')})`);
    this.#remove = database.prepare(`DELETE FROM rows WHERE ${this.#key} = ?`);
    this.#park = database.prepare('REPLACE INTO parked (stream, position) VALUES (?, ?)');
    this.#progress = database.prepare('UPDATE progress SET checkpoint = ?, newest_at = ?');
    if (definition.remember !== undefined) {
      this.#remember = database.prepare('REPLACE INTO remembered (stream, content) VALUES (?, ?)');
      this.#recall = database.prepare('SELECT content FROM remembered WHERE stream = ?').pluck();
    }
    this.#write = database.transaction((changes: ViewChanges<R>, sweep: boolean) => this.#all(changes, sweep));
    const progress = database.prepare('SELECT checkpoint, newest_at FROM progress').get() as Progress;
    this.#checkpoint = progress.checkpoint;
    this.#newestAt = progress.newest_at;
    const parked = database.prepare('SELECT stream FROM parked').all() as { readonly stream: StreamId }[];
    this.parked = new Set(parked.map(({ stream }) => stream));
  }

  get checkpoint(): Position {
    return this.#checkpoint;
  }

  get newestAt(): string {
    return this.#newestAt;
  }

  /** Without `sweep` rows whose time is up stay: there is no index to find them by while a view is built. */
  write(changes: ViewChanges<R>, sweep: boolean): readonly string[] {
    const expired = this.#write(changes, sweep);
    this.#checkpoint = changes.checkpoint;
    this.#newestAt = changes.newestAt;
    for (const stream of changes.parked.keys()) this.parked.add(stream);
    if (changes.wipe) this.#database.pragma('wal_checkpoint(TRUNCATE)');
    return expired;
  }

  recall(streams: Iterable<StreamId>): Map<StreamId, Row> {
    const found = new Map<StreamId, Row>();
    for (const stream of streams) {
      const content = this.#recall?.get(stream);
      if (typeof content === 'string') found.set(stream, JSON.parse(content) as Row);
    }
    return found;
  }

  /** Removes the rows whose time is up by the newest event seen, and names them. */
  sweep(newestAt = this.#newestAt): readonly string[] {
    if (this.#expiry === undefined || newestAt === '') return [];
    const { column, keepMilliseconds } = this.#expiry;
    const sql = `DELETE FROM rows WHERE ${quoted(column)} <= ? RETURNING ${this.#key} AS key`;
    const gone = this.#database.prepare(sql).all(plusMilliseconds(newestAt, -keepMilliseconds));
    return (gone as { readonly key: string }[]).map(({ key }) => key);
  }

  #all(changes: ViewChanges<R>, sweep: boolean): readonly string[] {
    for (const [key, row] of changes.rows) {
      if (row === undefined) this.#remove.run(key);
      else this.#put.run(this.#encode(row));
    }
    for (const [stream, position] of changes.parked) this.#park.run(stream, position);
    for (const [stream, content] of changes.remembered) this.#remember?.run(stream, JSON.stringify(content));
    this.#progress.run(changes.checkpoint, changes.newestAt);
    return sweep ? this.sweep(changes.newestAt) : [];
  }
}
