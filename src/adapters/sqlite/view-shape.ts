import type { ColumnType } from '../../application/ports/views.ts';

/** How a view is laid out in its file; kept in the file, so that rows of an older version can still be read. */
export interface ViewShape {
  readonly name: string;
  readonly version: number;
  readonly columns: Readonly<Record<string, ColumnType>>;
  readonly key: string;
  readonly indexes: readonly (readonly string[])[];
}

/** The shape alone, without what a definition does. */
export function shapeOf(view: ViewShape): ViewShape {
  const { name, version, columns, key, indexes } = view;
  return { name, version, columns, key, indexes };
}

/** Without rowids the rows lie in the order of the key, and each index ends with the key. */
export function tableStatements(shape: ViewShape): string {
  const columns = Object.entries(shape.columns).map(([column, type]) => {
    const sqlType = type === 'integer' ? 'INTEGER' : 'TEXT';
    return `${quoted(column)} ${sqlType}${column === shape.key ? ' NOT NULL PRIMARY KEY' : ''}`;
  });
  return `
CREATE TABLE rows (${columns.join(', ')}) STRICT, WITHOUT ROWID;
CREATE TABLE parked (stream TEXT NOT NULL PRIMARY KEY, position TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE remembered (stream TEXT NOT NULL PRIMARY KEY, content TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE progress (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  shape TEXT NOT NULL,
  checkpoint TEXT NOT NULL,
  newest_at TEXT NOT NULL
) STRICT;
`;
}

export function indexStatements(shape: ViewShape): string {
  return shape.indexes
    .map((columns) => `CREATE INDEX ${quoted(`by_${columns.join('_')}`)} ON rows (${columns.map(quoted).join(', ')});`)
    .join('\n');
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
