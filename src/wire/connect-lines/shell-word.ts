/** One word for a POSIX shell. */
export function shellWord(text: string): string {
  return /^(?!~)[\w@%+=:,./~-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** One word for a POSIX shell and, where nothing in it means something to one of them, for the shells of Windows too. */
export function anyShellWord(text: string): string {
  if (/^(?![~-])[\w@+=:,./~-]+$/.test(text)) return text;
  return inDoubleQuotes(text) ?? shellWord(text);
}

/** Null where double quotes would not keep it as it is; a backslash does in both before what needs no escape. */
export function inDoubleQuotes(text: string): string | null {
  return /^(?:[\p{L}\p{N}_@%+=:,./|()' ~-]|\\(?=[\p{L}\p{N}]))+$/u.test(text) ? `"${text}"` : null;
}
