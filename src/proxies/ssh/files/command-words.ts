/** Bytes that stand for themselves outside quotes in every usual shell; `~*?[]` only ever turn into names of files. */
const plain = /[A-Za-z0-9_@%+=:,./~*?[\]\x80-\xff-]/;

/**
 * The words of a command line that runs one program and nothing else; null when there is anything in it that a shell might
 * act on (`;`, `$`, `>`, a new line …) outside quotes and escapes. Strict on purpose: null is the safe answer.
 */
export function commandWords(line: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (character === ' ' || character === '\t') {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === '\\') {
      at += 1;
      const next = line.charAt(at);
      if (next === '' || next === '\n') return null;
      word = (word ?? '') + next;
    } else if (character === "'" || character === '"') {
      const end = line.indexOf(character, at + 1);
      const quoted = line.slice(at + 1, end);
      if (end === -1 || (character === '"' && /[$`\\!]/.test(quoted))) return null;
      word = (word ?? '') + quoted;
      at = end;
    } else {
      if (!plain.test(character)) return null;
      word = (word ?? '') + character;
    }
  }
  if (word !== null) words.push(word);
  return words;
}
