/** How results are printed. */
export type Format = 'table' | 'json' | 'yaml';

export type Printable = Readonly<Record<string, unknown>>;

/** Control characters never reach the terminal as such: they are shown as visible text. */
export function visible(text: string): string {
  // biome-ignore format: one readable class
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** A table with a header line; columns as wide as their widest cell, without trailing blanks. */
export function table(rows: readonly Printable[], columns: readonly string[]): string {
  const cells = rows.map((row) => columns.map((column) => cell(row[column])));
  const header = columns.map((column) => column.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toUpperCase());
  const widths = columns.map((_, index) => Math.max(...[header, ...cells].map((line) => line[index]?.length ?? 0)));
  return [header, ...cells].map((line) => line.map((text, i) => text.padEnd(widths[i] ?? 0)).join('  ').trimEnd()).join('\n');
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'string') return visible(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return visible(value.join(', ')) || '-';
  return visible(JSON.stringify(value));
}
