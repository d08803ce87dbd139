import type { Statement } from 'better-sqlite3';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { ViewRows } from '../../application/ports/view-store.ts';
import type { Comparison, Row, ViewQuery } from '../../application/ports/views.ts';
import type { SqliteDatabase } from './open-database.ts';
import { rowDecoder } from './view-codec.ts';
import { columnList, countPart, pageParts, type Part } from './view-query.ts';
import { quoted, type ViewShape } from './view-shape.ts';

/** Different questions whose statements are kept ready; more than the code asks. */
const keptStatements = 128;

/** Reads the rows of one view's database. Errors: `invalid`, `unknown-column` and `bad-limit`; those of SQLite. */
export class ViewReader<R extends Row> implements ViewRows<R> {
  readonly #database: SqliteDatabase;
  readonly #shape: ViewShape;
  readonly #decode: (stored: unknown) => R;
  readonly #byKey: Statement;
  readonly #statements = new Map<string, Statement>();

  constructor(database: SqliteDatabase, shape: ViewShape) {
    this.#database = database;
    this.#shape = shape;
    this.#decode = rowDecoder(shape.columns) as (stored: unknown) => R;
    this.#byKey = database.prepare(`SELECT ${columnList(shape)} FROM rows WHERE ${quoted(shape.key)} = ?`);
  }

  get(key: string): R | undefined {
    const stored = this.#byKey.get(key);
    return stored === undefined ? undefined : this.#decode(stored);
  }

  find(query: ViewQuery<R>): readonly R[] {
    if (!Number.isSafeInteger(query.limit) || query.limit < 0) {
      throw new SallyportError('invalid', 'bad-limit', `a page has a whole number of rows, not ${query.limit}`);
    }
    const rows: R[] = [];
    for (const part of pageParts(this.#shape, query)) {
      const left = query.limit - rows.length;
      if (left <= 0) break;
      for (const stored of this.#statement(part).all(...part.values, left)) rows.push(this.#decode(stored));
    }
    return rows;
  }

  count(where: Comparison<R> = {}): number {
    const part = countPart(this.#shape, where);
    return (this.#statement(part).get(...part.values) as { readonly n: number }).n;
  }

  *all(): IterableIterator<R> {
    const statement = this.#database.prepare(`SELECT ${columnList(this.#shape)} FROM rows`);
    for (const stored of statement.iterate()) yield this.#decode(stored);
  }

  #statement(part: Part): Statement {
    const kept = this.#statements.get(part.sql);
    if (kept !== undefined) return kept;
    if (this.#statements.size >= keptStatements) this.#statements.clear();
    const statement = this.#database.prepare(part.sql);
    this.#statements.set(part.sql, statement);
    return statement;
  }
}
