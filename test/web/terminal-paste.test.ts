import { expect, test } from 'vitest';
import { isHarmless, pasteToShow, readPaste } from '../../web/src/screens/terminal/paste.ts';

test('one line without surprises is pasted at once', () => {
  const paste = readPaste('echo "naïve 汉字" | cat');
  expect(paste).toEqual({ text: 'echo "naïve 汉字" | cat', lines: 1, dropped: 0 });
  expect(isHarmless(paste)).toBe(true);
});

test.each([
  ['several lines', 'one\r\ntwo\rthree\nfour', 'one\ntwo\nthree\nfour', 0],
  ['a line end alone', 'rm -rf .\n', 'rm -rf .\n', 0],
  ['a tab, which completes', 'ls /e\t', 'ls /e\t', 0],
  ['the end of a bracketed paste', 'echo \u001b[201~; id', 'echo [201~; id', 1],
  ['the end of a bracketed paste of eight bits', 'echo \u009b201~; id', 'echo 201~; id', 1],
  ['an interrupt and a delete', 'a\u0003b\u007f', 'ab', 2],
  ['text that runs backwards', 'echo \u202eabc', 'echo abc', 1],
  ['a letter that is not seen', 'su\u200bdo', 'sudo', 1],
])('%s is shown first', (_, given, text, dropped) => {
  const paste = readPaste(given);
  expect(paste).toMatchObject({ text, dropped });
  expect(isHarmless(paste)).toBe(false);
});

test('line ends and tabs are to be seen, and a very long text is cut where it is shown alone', () => {
  expect(pasteToShow(readPaste('a\tb\nc'))).toBe('a⇥\tb↵\nc');
  const long = readPaste(`x\n${'y'.repeat(1_000_000)}`);
  expect(long.text.length).toBe(1_000_002);
  expect(pasteToShow(long).length).toBeLessThan(21_000);
});
