import type { RecordEntry } from '../../application/ports/recordings.ts';

/** The data of `resize`, `channel` and `gap` records is JSON (docs/protocols/recording.md); undefined when it is not. */
export function jsonOf(entry: RecordEntry): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(entry.data).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The terminal size in a `resize` record, or in the `pty` of a `channel` record. */
export function sizeOf(entry: RecordEntry): Size | undefined {
  if (entry.kind !== 'resize' && entry.kind !== 'channel') return undefined;
  const data = jsonOf(entry);
  const size = entry.kind === 'resize' ? data : data?.pty;
  if (typeof size !== 'object' || size === null || !('columns' in size) || !('rows' in size)) return undefined;
  const { columns, rows } = size;
  return isExtent(columns) && isExtent(rows) ? { columns, rows } : undefined;
}

function isExtent(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) > 0 && (value as number) <= 0xffff;
}
