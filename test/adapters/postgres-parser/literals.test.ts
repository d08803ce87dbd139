import fc from 'fast-check';
import { loadModule, scanSync } from 'libpg-query';
import { expect, test } from 'vitest';
import { literalsOf } from '../../../src/adapters/postgres-parser/literals.ts';
import { count } from '../../kit/counts.ts';

await loadModule();

const quotes = ["'", "''", '"', '""', '$$', '$a$', '$', '$1', 'a$', "e'", "U&'", 'u&"', "N'", "b'", "x'", "\\'"];
const others = [
  '--',
  '/*',
  '*/',
  '\\',
  '\n',
  '\r',
  ' ',
  ';',
  '(',
  ',',
  '+',
  '&',
  '::',
  'e',
  'a',
  '1',
  'é',
  '_',
  '\u{1f600}',
];
const texts = fc.array(fc.constantFrom(...quotes, ...others), { maxLength: 14 }).map((pieces) => pieces.join(''));

test("string constants are those of PostgreSQL's lexer, so that nothing else is ever replaced", () => {
  let read = 0;
  fc.assert(
    fc.property(texts, (text) => {
      const theirs = constantsIn(text);
      if (theirs === null) return;
      read += 1;
      const ours = [...literalsOf(text)];
      // One of theirs may go on in a next line, which is another one of ours.
      for (const { start, end } of ours) {
        expect(theirs.some((each) => each.start <= start && end <= each.end)).toBe(true);
      }
      for (const each of theirs) {
        expect(ours.some(({ start, end }) => each.start <= start && end <= each.end)).toBe(true);
      }
    }),
    { numRuns: count(20_000, 1_000_000) },
  );
  expect(read).toBeGreaterThan(5_000);
});

/** Offsets in UTF-16 units, a letter in front of the quote among them; null when the text can't be cut into tokens. */
function constantsIn(text: string): readonly { readonly start: number; readonly end: number }[] | null {
  if (text === '') return null;
  const bytes = Buffer.from(text);
  const offset = (at: number): number => bytes.toString('utf8', 0, at).length;
  try {
    return scanSync(text)
      .tokens.filter((token) => /^(?:[ebxn]|u&)?'|^\$(?!\d)[^$]*\$/i.test(token.text))
      .map(({ start, end }) => ({ start: offset(start), end: offset(end) }));
  } catch {
    return null;
  }
}
