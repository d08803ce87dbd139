import type { EventFilter } from '../../application/ports/event-log.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { EventRow } from './event-decoding.ts';
import { checkFormat } from './log-schema.ts';
import { openReadOnly } from './open-database.ts';
import type { SqliteDatabase, SqliteStatement } from './open-database.ts';

/** Places looked at for one page when a filter lets few events through, so that no read takes long. */
const window = 5_000;
/** The newest events, up to so many, are read once for all who wait for them. */
const newest = 100;
const columns = 'position, stream, version, id, type, metadata, data';

export interface Page {
  readonly rows: readonly EventRow[];
  readonly upTo: number;
  /** Place of the newest event when the page was read. */
  readonly head: number;
}

/** Reads rows of the log on a connection of its own; a writer never waits for it. Synchronous and short. */
export class LogReader {
  readonly #file: string;
  #closed = false;
  #database: SqliteDatabase | undefined;
  #tail: { readonly after: number; readonly head: number; readonly rows: readonly EventRow[] } | undefined;
  readonly #statements = new Map<string, SqliteStatement<unknown[]>>();

  constructor(file: string) {
    this.#file = file;
  }

  /** Place of the newest event, 0 for an empty log. */
  head(): number {
    return this.#run<{ place: number }>('SELECT max(position) AS place FROM events')[0]?.place ?? 0;
  }

  newest(): EventRow | undefined {
    return this.#run<EventRow>(`SELECT ${columns} FROM events ORDER BY position DESC LIMIT 1`)[0];
  }

  /** `limit` -1: all. */
  stream(stream: string, after: number, limit: number): readonly EventRow[] {
    return this.#run(
      `SELECT ${columns} FROM events INDEXED BY events_by_stream WHERE stream = ? AND position > ? ORDER BY version LIMIT ?`,
      stream,
      after,
      limit,
    );
  }

  at(places: readonly number[]): readonly EventRow[] {
    const list = JSON.stringify(places);
    return this.#run(
      `SELECT ${columns} FROM events WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position`,
      list,
    );
  }

  /** `count` rows from `first` on. */
  range(first: number, count: number): readonly EventRow[] {
    return this.#run(
      `SELECT ${columns} FROM events WHERE position >= ? AND position < ? ORDER BY position`,
      first,
      first + count,
    );
  }

  /** A page after a place; every row up to `upTo` that the filter lets through is in it. */
  page(after: number, limit: number, filter: EventFilter | undefined): Page {
    const head = this.head();
    if (head <= after) return { rows: [], head, upTo: after };
    if (head - after <= Math.min(newest, limit)) {
      return { rows: this.#since(after, head).filter((row) => passes(row, filter)), head, upTo: head };
    }
    const upTo = Math.min(head, after + Math.max(window, limit));
    const { sql, values } = condition(filter);
    const query = `SELECT ${columns} FROM events WHERE position > ? AND position <= ?${sql} ORDER BY position LIMIT ?`;
    const rows = this.#run<EventRow>(query, after, upTo, ...values, limit);
    const last = rows.at(-1);
    return { rows, head, upTo: rows.length === limit && last !== undefined ? last.position : upTo };
  }

  /** The log only grows, so that rows once read stay right. */
  #since(after: number, head: number): readonly EventRow[] {
    if (this.#tail?.after !== after || this.#tail.head !== head) {
      this.#tail = { after, head, rows: this.range(after + 1, head - after) };
    }
    return this.#tail.rows;
  }

  /** Afterwards every read is refused. */
  close(): void {
    this.#closed = true;
    this.#disconnect();
  }

  #disconnect(): void {
    this.#statements.clear();
    this.#database?.close();
    this.#database = undefined;
  }

  #run<Row>(sql: string, ...values: readonly unknown[]): Row[] {
    try {
      return this.#statement(sql).all(...values) as Row[];
    } catch (error) {
      // A damaged connection is not used again: the next read opens a new one.
      this.#disconnect();
      const message = `the event log can't be read: ${error instanceof Error ? error.message : String(error)}; run "doctor"`;
      throw new SallyportError('unavailable', 'log-unavailable', message, { cause: error });
    }
  }

  #statement(sql: string): SqliteStatement<unknown[]> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#open().prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }

  #open(): SqliteDatabase {
    if (this.#closed) throw new Error('it is closed');
    if (this.#database === undefined) {
      this.#database = openReadOnly(this.#file);
      checkFormat(this.#database.pragma('user_version', { simple: true }));
    }
    return this.#database;
  }
}

/** The same as `condition`, for a row that has been read. */
function passes({ stream, type }: EventRow, filter: EventFilter | undefined): boolean {
  const { categories, types } = filter ?? {};
  const category = stream.slice(0, stream.indexOf('-'));
  return (categories?.some((each) => each === category) ?? true) && (types?.includes(type) ?? true);
}

function condition(filter: EventFilter | undefined): { readonly sql: string; readonly values: readonly string[] } {
  const { categories, types } = filter ?? {};
  const marks = (list: readonly string[]): string => list.map(() => '?').join(', ');
  const ofCategory = categories && ` AND substr(stream, 1, instr(stream, '-') - 1) IN (${marks(categories)})`;
  const ofType = types && ` AND type IN (${marks(types)})`;
  return { sql: `${ofCategory ?? ''}${ofType ?? ''}`, values: [...(categories ?? []), ...(types ?? [])] };
}
