export interface Paste {
  /** What goes to the target: control characters are left out. */
  readonly text: string;
  readonly lines: number;
  /** How many characters are left out. */
  readonly dropped: number;
}

// Control characters except tab and line ends, and those that turn or hide text (Trojan Source).
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unwanted = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;

export function readPaste(given: string): Paste {
  const text = given.replaceAll(/\r\n?/g, '\n').replaceAll(unwanted, '');
  const dropped = (given.match(unwanted) ?? []).length;
  return { text, lines: text.replace(/\n$/, '').split('\n').length, dropped };
}

/** One line without surprises goes at once; everything else is shown first. */
export function isHarmless({ text, dropped }: Paste): boolean {
  return dropped === 0 && !/[\n\t]/.test(text);
}

const mostShown = 20_000;

/** What would be sent, with tabs and line ends to be seen. */
export function pasteToShow({ text }: Paste): string {
  const shown = text.slice(0, mostShown).replaceAll('\t', '⇥\t').replaceAll('\n', '↵\n');
  return text.length > mostShown ? `${shown}…\n(${String(text.length - mostShown)} more characters)` : shown;
}
