import { foldText } from '../../domain/kernel/fold-text.ts';

/** The column that searching looks in: what is there of the parts, folded, each on a line of its own. */
export function searchText(...parts: readonly (string | null | undefined)[]): string {
  return parts.flatMap((part) => (typeof part === 'string' && part !== '' ? [foldText(part)] : [])).join('\n');
}

export function labelTexts(labels: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`);
}
