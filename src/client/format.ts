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

/** JSON on one line in which everything that could drive a terminal is escaped: the same value, nothing but visible text. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, at) => {
      return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}

/** YAML without its last line end; where it would hold such characters, the JSON, which is YAML too. */
export function yamlText(value: unknown, toYaml: (value: unknown) => string): string {
  const text = toYaml(value).trimEnd();
  return /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(text) ? jsonLine(value) : text;
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
