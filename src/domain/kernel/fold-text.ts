/** A text as it is looked for: one form for what reads alike, whatever its case. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
