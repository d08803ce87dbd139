import type { ColumnType, Row } from '../../application/ports/views.ts';

type Columns = Readonly<Record<string, ColumnType>>;
export type SqliteValue = string | number | null;

/** A value as its column holds it: JSON as text, so that it can be compared, everything else as it is. */
export function encodeValue(type: ColumnType, value: unknown): SqliteValue {
  if (value === null || value === undefined) return null;
  return type === 'json' ? JSON.stringify(value) : (value as SqliteValue);
}

/** The values of a row in the order of the columns. */
export function rowEncoder(columns: Columns): (row: Row) => SqliteValue[] {
  const entries = Object.entries(columns);
  return (row) => entries.map(([column, type]) => encodeValue(type, row[column]));
}

/** A row of the database back as it was written; rows without JSON columns need no work. */
export function rowDecoder(columns: Columns): (stored: unknown) => Row {
  const json = Object.keys(columns).filter((column) => columns[column] === 'json');
  return (stored) => {
    const row = stored as Record<string, unknown>;
    for (const column of json) {
      const text = row[column];
      row[column] = typeof text === 'string' ? JSON.parse(text) : null;
    }
    return row;
  };
}
