import type { Key } from './keys.ts';
import { widthOf } from './text-width.ts';

export interface LineStep {
  readonly line: string;
  /** What the terminal gets; empty without echo. */
  readonly show: string;
  readonly done: 'entered' | 'interrupted' | 'ended' | null;
}

/** A line being typed, on a terminal that knows no more than backspace: every key as what to show and what it means. */
export function typeLine(line: string, key: Key, { echo, longest }: { echo: boolean; longest: number }): LineStep {
  const rubout = (text: string): string => (echo ? '\b \b'.repeat(widthOf(text)) : '');
  switch (key.type) {
    case 'text':
      if (line.length + key.text.length > longest) return { line, show: '', done: null };
      return { line: line + key.text, show: echo ? key.text : '', done: null };
    case 'backspace': {
      const all = Array.from(line);
      const last = all.pop() ?? '';
      return { line: all.join(''), show: rubout(last), done: null };
    }
    case 'clear':
      return { line: '', show: rubout(line), done: null };
    case 'enter':
      return { line, show: '\r\n', done: 'entered' };
    case 'interrupt':
      return { line: '', show: '^C\r\n', done: 'interrupted' };
    case 'end-of-input':
      return line === '' ? { line, show: '\r\n', done: 'ended' } : { line, show: '', done: null };
    default:
      return { line, show: '', done: null };
  }
}
