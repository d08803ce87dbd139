import type { Comparison, Row } from '../../application/ports/views.ts';

/** The order of the file, so that a page is the same from memory: null, then numbers, then text by its UTF-8 bytes. */
export function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0;
  const rankA = rank(a);
  const rankB = rank(b);
  if (rankA !== rankB) return rankA - rankB;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return compareTexts(asText(a), asText(b));
}

/** True when the row is one of those that `where` asks for. Nothing but null equals null, and null is in no range. */
export function meets<R extends Row>(row: R, where: Comparison<R>): boolean {
  return Object.entries(where).every(([column, wanted]) => {
    const value = row[column];
    if (wanted === undefined) return true;
    if (typeof wanted !== 'object' || wanted === null) return compareValues(value, wanted) === 0;
    if ('in' in wanted) return (wanted.in as readonly unknown[]).some((one) => compareValues(value, one) === 0);
    if ('containing' in wanted) return hasAll(value, wanted.containing);
    const { above, below } = wanted as { readonly above?: unknown; readonly below?: unknown };
    if (value === null) return false;
    if (above !== undefined && compareValues(value, above) <= 0) return false;
    return below === undefined || compareValues(value, below) < 0;
  });
}

function hasAll(value: unknown, texts: readonly string[]): boolean {
  return typeof value === 'string' && texts.every((text) => value.includes(text));
}

function rank(value: unknown): number {
  if (value === null || value === undefined) return 0;
  return typeof value === 'number' ? 1 : 2;
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** UTF-16 units sort as code points do, but for surrogates, which stand for what comes after all others. */
function compareTexts(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const unitA = a.charCodeAt(index);
    const unitB = b.charCodeAt(index);
    if (unitA !== unitB) return weight(unitA) - weight(unitB);
  }
  return a.length - b.length;
}

function weight(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x0800 : unit + 0x2000;
}
