/** A line being typed, its history, and what of an escape sequence has come so far. */
export interface Editor {
  readonly line: string;
  readonly history: readonly string[];
  /** Where in the history the line comes from; its length for a new one. */
  readonly place: number;
  readonly pending: string;
}

export const emptyEditor: Editor = { line: '', history: [], place: 0, pending: '' };

export type Keyed =
  | { readonly type: 'echo'; readonly text: string }
  | { readonly type: 'line'; readonly text: string }
  | { readonly type: 'interrupt' }
  | { readonly type: 'end' };

const longestLine = 1024;
const longestHistory = 100;
const left = '\b \b';

/** Takes one character from the keyboard; gives what is to be shown or done. Pure. */
export function key(editor: Editor, character: string): { readonly editor: Editor; readonly done: readonly Keyed[] } {
  if (editor.pending !== '' || character === '\u001b') return escape(editor, character);
  switch (character) {
    case '\r':
    case '\n': {
      const { line } = editor;
      const history = line.trim() === '' ? editor.history : [...editor.history, line].slice(-longestHistory);
      return {
        editor: { line: '', history, place: history.length, pending: '' },
        done: [{ type: 'line', text: line }],
      };
    }
    case '\u007f':
    case '\b':
      if (editor.line === '') return { editor, done: [] };
      return replaced(editor, shortened(editor.line), left);
    case '\u0015':
      return replaced(editor, '', left.repeat(width(editor.line)));
    case '\u0003':
      return { editor: { ...editor, line: '' }, done: [{ type: 'interrupt' }] };
    case '\u0004':
      return { editor, done: editor.line === '' ? [{ type: 'end' }] : [] };
    default:
      if (/\p{Cc}/u.test(character) || editor.line.length >= longestLine) return { editor, done: [] };
      return replaced(editor, editor.line + character, character);
  }
}

/** Arrow up and down (CSI A, CSI B) walk through the history; every other sequence is swallowed. */
function escape(editor: Editor, character: string): ReturnType<typeof key> {
  const pending = editor.pending + character;
  if (pending === '\u001b' || pending === '\u001b[' || pending === '\u001bO')
    return { editor: { ...editor, pending }, done: [] };
  if (/^\u001b\[[0-9;]{1,8}$/.test(pending)) return { editor: { ...editor, pending }, done: [] };
  const calm = { ...editor, pending: '' };
  const step = { A: -1, B: 1 }[character];
  if (step === undefined) return { editor: calm, done: [] };
  const place = Math.min(Math.max(editor.place + step, 0), editor.history.length);
  const line = editor.history[place] ?? '';
  return replaced({ ...calm, place }, line, left.repeat(width(editor.line)) + line);
}

function replaced(editor: Editor, line: string, text: string): ReturnType<typeof key> {
  return { editor: { ...editor, line }, done: text === '' ? [] : [{ type: 'echo', text }] };
}

/** Code points, not columns: wide characters are rubbed out one column short, which a demo can live with. */
function width(line: string): number {
  return Array.from(line).length;
}

function shortened(line: string): string {
  return Array.from(line).slice(0, -1).join('');
}
