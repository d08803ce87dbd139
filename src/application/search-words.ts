/** What a search compares: letters of either case and of any width are the same. */
export function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

/** Whether every word of a search stands in a folded text; a search without words finds all. */
export function searching(search: string): (haystack: string) => boolean {
  const words = folded(search).split(/\s+/u).filter(Boolean);
  return (haystack) => words.every((word) => haystack.includes(word));
}
