/** Bytes that stand for themselves outside quotes in every usual shell; `~*?[]` only ever turn into names of files. */
const plain = /[A-Za-z0-9_@%+=:,./~*?[\]\x80-\xff-]/;

/** What a shell takes from a backslash; before a letter or digit some (fish) write another character with it. */
const escapable = /[^A-Za-z0-9\n]/;

/** One word of a command line. */
export interface CommandWord {
  readonly text: string;
  /** `text` with a NUL for each character that was quoted: what is left, a shell may turn into something else. */
  readonly bare: string;
}

/**
 * The words of a command line that runs one program and nothing else; null when there is anything in it that a shell might
 * act on (`;`, `$`, `>`, a new line …) outside quotes and escapes. Strict on purpose: null is the safe answer.
 */
export function commandWords(line: string): CommandWord[] | null {
  const words: CommandWord[] = [];
  let word: CommandWord | null = null;
  const add = (text: string, isQuoted: boolean): CommandWord => ({
    text: (word?.text ?? '') + text,
    bare: (word?.bare ?? '') + (isQuoted ? '\0'.repeat(text.length) : text),
  });
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (character === ' ' || character === '\t') {
      if (word !== null) words.push(word);
      word = null;
    } else if (character === '\\') {
      at += 1;
      const next = line.charAt(at);
      if (!escapable.test(next)) return null;
      word = add(next, true);
    } else if (character === "'" || character === '"') {
      const end = line.indexOf(character, at + 1);
      const quoted = line.slice(at + 1, end);
      if (end === -1 || (character === '"' ? /[$`\\!]/ : /\\/).test(quoted)) return null;
      word = add(quoted, true);
      at = end;
    } else {
      if (!plain.test(character)) return null;
      word = add(character, false);
    }
  }
  if (word !== null) words.push(word);
  return words;
}

/** What a shell may turn into words that begin in any way: `[-]-x` is `--x` where a file of that name lies. */
const opening = /^[*?[=%]/;
/** The home of a login, which begins with a slash; `~-` and `~+` are what a variable says. */
const home = /^~([A-Za-z_][A-Za-z0-9_.-]*)?(\/|$)/;

/** Whether a word can only begin as it is written, or with the slash of somebody's home, whatever the shell makes of it. */
export function beginsAsWritten({ bare }: CommandWord): boolean {
  return bare.startsWith('~') ? home.test(bare) : !opening.test(bare);
}
