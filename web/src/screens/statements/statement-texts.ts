import type { Statement } from '../player/shapes.ts';

/** How it came: `query`, `prepare “name”`, `execute up to 10 rows`, `function 1234`, `cancel request from …`. */
export function howText({ via, name, portal, maxRows, fetch, function: number, source }: Statement): string {
  if (via === 'cancel') return `cancel request from ${source ?? 'somebody'}`;
  if (via === 'function') return `function ${String(number ?? '')}`;
  if (via === 'prepare') return name === undefined || name === '' ? 'prepare' : `prepare “${name}”`;
  if (via !== 'execute') return via;
  const most = maxRows === undefined ? '' : ` up to ${String(maxRows)} rows`;
  const from = portal === undefined || portal === '' ? '' : ` from “${portal}”`;
  return `${fetch === true ? 'fetch' : 'execute'}${most}${from}`;
}

/** How it ended; what the database never saw has no end. */
export function outcomeText({ verdict, outcome, error, rows, bytes, ms }: Statement): string {
  if (verdict === 'denied') return 'The database never saw it.';
  if (outcome === undefined) return '';
  const parts = [
    outcome === 'unknown' ? 'answer not seen' : outcome,
    error === undefined || error === null ? null : `SQLSTATE ${error}`,
    counted(rows, 'row'),
    counted(bytes, 'byte'),
    ms === undefined || ms === null ? null : `${String(ms)} ms`,
  ];
  return parts.filter((part) => part !== null).join(' · ');
}

/** A parameter: texts in quotes, NULL, and `{"hex"}` or `{"base64"}` for what is no text. */
export function valueText(value: unknown): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
  if (typeof value !== 'object') return JSON.stringify(value);
  const [form = '', bytes] = Object.entries(value)[0] ?? [];
  return `${form} ${String(bytes)}`;
}

function counted(count: number | null | undefined, unit: string): string | null {
  if (count === null || count === undefined) return null;
  return `${String(count)} ${unit}${count === 1 ? '' : 's'}`;
}
