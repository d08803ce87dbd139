import type { ViewRows } from '../../application/ports/view-store.ts';
import type { Comparison, Row, ViewDefinition, ViewQuery } from '../../application/ports/views.ts';
import { compareValues, meets } from './compare.ts';

/** The rows of a hot view in memory: answers as the file would, without touching the disk. */
export class HotRows<R extends Row> implements ViewRows<R> {
  readonly #key: keyof R & string;
  readonly #rows = new Map<string, R>();
  /** Keys by the value of the first column of each index: what is asked for by equality is not searched for. */
  readonly #byValue = new Map<string, Map<unknown, Set<string>>>();

  constructor(definition: Pick<ViewDefinition<R>, 'key' | 'indexes'>, rows: Iterable<R>) {
    this.#key = definition.key;
    for (const [first] of definition.indexes) if (first !== undefined) this.#byValue.set(first, new Map());
    for (const row of rows) this.#put(row);
  }

  update(changed: ReadonlyMap<string, R | undefined>, removed: readonly string[]): void {
    for (const [key, row] of changed) {
      this.#drop(key);
      if (row !== undefined) this.#put(row);
    }
    for (const key of removed) this.#drop(key);
  }

  get(key: string): R | undefined {
    return this.#rows.get(key);
  }

  find(query: ViewQuery<R>): readonly R[] {
    const order = query.orderBy ?? this.#key;
    const sign = query.descending === true ? -1 : 1;
    const compare = (value: unknown, key: unknown, row: R): number =>
      sign * (compareValues(value, row[order]) || compareValues(key, row[this.#key]));
    const { after } = query;
    const rows = this.#matching(query.where).filter(
      (row) => after === undefined || compare(after.value, after.key, row) < 0,
    );
    return rows.sort((a, b) => compare(a[order], a[this.#key], b)).slice(0, query.limit);
  }

  count(where?: Comparison<R>): number {
    return where === undefined ? this.#rows.size : this.#matching(where).length;
  }

  #matching(where: Comparison<R> = {}): R[] {
    const found: R[] = [];
    for (const row of this.#candidates(where)) if (meets(row, where)) found.push(row);
    return found;
  }

  /** Rows that may match: those with the wanted value of an index if one is asked for, else all. */
  *#candidates(where: Readonly<Record<string, unknown>>): IterableIterator<R> {
    for (const [column, values] of this.#byValue) {
      const wanted = where[column];
      if (wanted === undefined || (typeof wanted === 'object' && wanted !== null)) continue;
      for (const key of values.get(wanted) ?? []) {
        const row = this.#rows.get(key);
        if (row !== undefined) yield row;
      }
      return;
    }
    yield* this.#rows.values();
  }

  #put(row: R): void {
    const key = String(row[this.#key]);
    this.#rows.set(key, row);
    for (const [column, values] of this.#byValue) {
      const keys = values.get(row[column]);
      if (keys === undefined) values.set(row[column], new Set([key]));
      else keys.add(key);
    }
  }

  #drop(key: string): void {
    const row = this.#rows.get(key);
    if (row === undefined) return;
    this.#rows.delete(key);
    for (const [column, values] of this.#byValue) {
      const keys = values.get(row[column]);
      keys?.delete(key);
      if (keys?.size === 0) values.delete(row[column]);
    }
  }
}
