import { SallyportError } from '../../domain/kernel/errors.ts';
import type { Row, ViewQuery } from '../../application/ports/views.ts';
import { encodeValue, type SqliteValue } from './view-codec.ts';
import { quoted, type ViewShape } from './view-shape.ts';

/** One statement of a question, without its limit. */
export interface Part {
  readonly sql: string;
  readonly values: readonly SqliteValue[];
}

type Where = Readonly<Record<string, unknown>>;

/**
 * A page as one or two statements, to be asked in turn until the page is full. Two, because null stands at one end of
 * an order: each part then is one range of an index, however deep the page lies. A text is looked for in the index alone,
 * and whole rows are read only of what was found.
 */
export function pageParts(shape: ViewShape, query: ViewQuery<Row>): readonly Part[] {
  const key = shape.key;
  const order = query.orderBy ?? key;
  const wanted: Where = query.where ?? {};
  const where = conditions(shape, wanted, indexFor(shape, wanted, order));
  const direction = query.descending === true ? 'DESC' : 'ASC';
  const by = order === key ? [key] : [known(shape, order), key];
  const orderBy = ` ORDER BY ${by.map((column) => `${quoted(column)} ${direction}`).join(', ')}`;
  const looked = Object.values(wanted).some(isContaining);
  return ranges(shape, query, order).map((range) => {
    const terms = [...where, ...range];
    const values = terms.flatMap((term) => term.values);
    const select = (columns: string): string => `SELECT ${columns} FROM rows${clause(terms)}${orderBy} LIMIT ?`;
    if (!looked) return { sql: select(columnList(shape)), values };
    const found = `WHERE ${quoted(key)} IN (${select(quoted(key))})`;
    return { sql: `SELECT ${columnList(shape)} FROM rows ${found}${orderBy}`, values };
  });
}

/** How many rows meet the conditions. */
export function countPart(shape: ViewShape, where: Where): Part {
  const terms = conditions(shape, where, null);
  return { sql: `SELECT count(*) AS n FROM rows${clause(terms)}`, values: terms.flatMap((term) => term.values) };
}

export function columnList(shape: ViewShape): string {
  return Object.keys(shape.columns).map(quoted).join(', ');
}

/** What comes after the last row of the page before, in the order of the page. */
function ranges(shape: ViewShape, query: ViewQuery<Row>, order: string): readonly (readonly Part[])[] {
  const { after } = query;
  if (after === undefined) return [[]];
  const beyond = query.descending === true ? '<' : '>';
  const key = quoted(shape.key);
  if (order === shape.key) return [[{ sql: `${key} ${beyond} ?`, values: [after.key] }]];
  const column = quoted(order);
  const value = encodeValue(typeOf(shape, order), after.value);
  const none: Part = { sql: `${column} IS NULL`, values: [] };
  if (value === null) {
    const rest: Part = { sql: `${column} IS NOT NULL`, values: [] };
    const sameNull = [none, { sql: `${key} ${beyond} ?`, values: [after.key] }];
    return query.descending === true ? [sameNull] : [sameNull, [rest]];
  }
  const further: Part = { sql: `(${column}, ${key}) ${beyond} (?, ?)`, values: [value, after.key] };
  return query.descending === true ? [[further], [none]] : [[further]];
}

/**
 * The index that a page is read from: one that gives the order too, else the one that most equalities lead into. SQLite
 * counts no values, so that it can not tell a column of two from one of a million: it is told. Gives the columns that lead into it and the next; null: it may choose.
 */
function indexFor(shape: ViewShape, where: Where, order: string): readonly string[] | null {
  const given = (column: string | undefined): boolean => column !== undefined && where[column] !== undefined;
  const equal = (column: string | undefined): boolean =>
    column !== undefined && given(column) && (where[column] === null || typeof where[column] !== 'object');
  const rated = [...shape.indexes, []].map((index) => {
    const columns = [...index, shape.key];
    const led = columns.findIndex((column) => !equal(column));
    const prefix = led === -1 ? columns.length : led;
    const ordered = prefix === columns.length || (columns[prefix] === order && (prefix > 0 || given(order)));
    return { used: columns.slice(0, prefix + 1), rate: (ordered ? 100 : 0) + prefix };
  });
  const best = Math.max(...rated.map(({ rate }) => rate));
  return best === 0 ? null : (rated.find(({ rate }) => rate === best)?.used ?? null);
}

/** A column that does not lead into the index which is to be taken stands behind a `+`, which keeps SQLite from taking another. */
function conditions(shape: ViewShape, where: Where, index: readonly string[] | null): readonly Part[] {
  return Object.entries(where).flatMap(([name, wanted]): readonly Part[] => {
    if (wanted === undefined) return [];
    const type = typeOf(shape, name);
    const column = `${index === null || index.includes(name) ? '' : '+'}${quoted(name)}`;
    if (typeof wanted !== 'object' || wanted === null) return [equals(column, encodeValue(type, wanted))];
    if (isContaining(wanted)) {
      // Every text has each of none in it; null has nothing.
      if (wanted.containing.length === 0) return [{ sql: `${quoted(name)} IS NOT NULL`, values: [] }];
      return wanted.containing.map((text) => ({ sql: `instr(${quoted(name)}, ?) > 0`, values: [text] }));
    }
    if ('in' in wanted)
      return within(
        column,
        (wanted.in as readonly unknown[]).map((one) => encodeValue(type, one)),
      );
    const { above, below } = wanted as { readonly above?: unknown; readonly below?: unknown };
    return [
      ...(above === undefined ? [] : [{ sql: `${column} > ?`, values: [encodeValue(type, above)] }]),
      ...(below === undefined ? [] : [{ sql: `${column} < ?`, values: [encodeValue(type, below)] }]),
    ];
  });
}

function isContaining(wanted: unknown): wanted is { readonly containing: readonly string[] } {
  return typeof wanted === 'object' && wanted !== null && 'containing' in wanted;
}

function equals(column: string, value: SqliteValue): Part {
  return value === null ? { sql: `${column} IS NULL`, values: [] } : { sql: `${column} = ?`, values: [value] };
}

/** One parameter however long the list, so that the statement stays the same. */
function within(column: string, values: readonly SqliteValue[]): readonly Part[] {
  const list: Part = { sql: `${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(values)] };
  return values.includes(null) ? [{ sql: `(${list.sql} OR ${column} IS NULL)`, values: list.values }] : [list];
}

function clause(terms: readonly Part[]): string {
  return terms.length === 0 ? '' : ` WHERE ${terms.map((term) => term.sql).join(' AND ')}`;
}

function typeOf(shape: ViewShape, column: string): 'text' | 'integer' | 'json' {
  return shape.columns[known(shape, column)] ?? 'text';
}

/** Names reach a statement only when they are columns. */
function known(shape: ViewShape, column: string): string {
  if (Object.hasOwn(shape.columns, column)) return column;
  const message = `the view ${shape.name} has no column ${JSON.stringify(column)}: ask for one of its columns`;
  throw new SallyportError('invalid', 'unknown-column', message);
}
