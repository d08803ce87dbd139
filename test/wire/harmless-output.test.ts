import fc from 'fast-check';
import { expect, test } from 'vitest';
import { harmlessOutput } from '../../src/wire/harmless-output.ts';

const shown = (text: string): string => harmlessOutput()(text);

test.each([
  [
    'plain text, colours and cursor',
    'a\tb\r\n\u001b[1;31mred\u001b[0m\u001b[2J\u001b[10;5H\u001b[?1049h\u001b(B\u001b7ü',
  ],
  ['half a character set', '\u001b)0x'],
])('%s pass as they are', (_what, text) => {
  expect(shown(text)).toBe(text);
});

test.each([
  ['clipboard', '\u001b]52;c;cm0gLXJmIH4=\u0007'],
  ['title', '\u001b]0;title\u001b\\'],
  ['link', '\u001b]8;;http://a/\u001b\\'],
  ['title of screen', '\u001bktitle\u001b\\'],
  ['title report', '\u001b[21t'],
  ['device attributes', '\u001b[c\u001b[>0c\u001bZ'],
  ['cursor report', '\u001b[6n\u001b[?6n'],
  ['mode and keyboard questions', '\u001b[?2026$p\u001b[>q\u001b[?u'],
  ['settings', '\u001bP$qm\u001b\\'],
  ['graphics', '\u001b_Ga=q;AAAA\u001b\\'],
  ['mouse and focus reports', '\u001b[?1000h\u001b[?1006;1004h\u001b[?9h'],
  ['answerback', '\u0005'],
  ['eight-bit controls', '\u009b'],
  ['a sequence without end', `\u001b[${'1;'.repeat(200)}`.slice(0, 200)],
])('%s is left out', (_what, text) => {
  expect(shown(`<${text}`)).toBe('<');
});

test('what follows a string is shown again', () => {
  expect(shown('\u001b]0;a\u0007b\u001bP1\u001b\\c\u001b]x\u001b[1md')).toBe('bc\u001b[1md');
});

test('it does not matter where the output is cut', () => {
  const part = fc.constantFrom('\u001b', '[', ']', '6', 'n', 'm', ';', '\u0007', '\\', 'P', 'a', '?', '\u009b');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), fc.nat(30), (parts, at) => {
      const filter = harmlessOutput();
      const cut = filter(parts.slice(0, at).join('')) + filter(parts.slice(at).join(''));
      expect(cut).toBe(shown(parts.join('')));
      expect(cut).not.toMatch(/\u001b[\]P]|\u001b\[[?0-9;]*n/);
    }),
    { numRuns: 1_000 },
  );
});
