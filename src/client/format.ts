import { visibleText } from '../domain/kernel/visible-text.ts';

/** How results are printed. */
export type Format = 'table' | 'json' | 'yaml';

export type Printable = Readonly<Record<string, unknown>>;

/** A table with a header line; columns as wide as their widest cell, without trailing blanks. */
export function table(rows: readonly Printable[], columns: readonly string[]): string {
  const cells = rows.map((row) => columns.map((column) => cell(row[column])));
  const header = columns.map((column) => column.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toUpperCase());
  const widths = columns.map((_, index) => Math.max(...[header, ...cells].map((line) => line[index]?.length ?? 0)));
  return [header, ...cells]
    .map((line) =>
      line
        .map((text, i) => text.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A value as one visible line. */
export function cell(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'string') return visibleText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return visibleText(value.join(', ')) || '-';
  return visibleText(JSON.stringify(value));
}
