import fc from 'fast-check';
import { expect, test } from 'vitest';
import { count } from '../../../kit/counts.ts';
import { keysOf } from './menu-kit.ts';

const names = (typed: string): string[] =>
  keysOf([Buffer.from(typed)]).map((key) => (key.type === 'text' ? key.text : key.type));

test.each([
  [
    'xterm, normal mode',
    '\u001b[A\u001b[B\u001b[C\u001b[D\u001b[H\u001b[F',
    ['up', 'down', 'right', 'left', 'home', 'end'],
  ],
  [
    'application mode',
    '\u001bOA\u001bOB\u001bOC\u001bOD\u001bOH\u001bOF\u001bOM',
    ['up', 'down', 'right', 'left', 'home', 'end', 'enter'],
  ],
  ['PuTTY and VT220', '\u001b[1~\u001b[4~\u001b[5~\u001b[6~', ['home', 'end', 'page-up', 'page-down']],
  ['rxvt', '\u001b[7~\u001b[8~', ['home', 'end']],
  ['with Ctrl and Shift', '\u001b[1;5A\u001b[5;2~', ['up', 'page-up']],
  ['both erase characters', '\u0008\u007f', ['backspace', 'backspace']],
  ['what leaves', '\u0003\u0004\u001b', ['interrupt', 'end-of-input', 'escape']],
  ['Ctrl-U, Ctrl-P, Ctrl-N', '\u0015\u0010\u000e', ['clear', 'up', 'down']],
  ['ends of lines', '\r\n\n\r', ['enter', 'enter', 'enter']],
  ['characters of every length', 'aé€😀', ['a', 'é', '€', '😀']],
  ['function keys, Alt and a paste mark mean nothing', '\u001b[11~\u001b[[A\u001bx\u001b[200~\u001bOPb', ['b']],
  ['a control character breaks a sequence off', '\u001b[1\u0003a', ['interrupt', 'a']],
  ['Alt and an arrow, as two escapes', '\u001b\u001b[A', ['up']],
  ['what turns text around is no letter', 'a\u202eb\u0085\u200b', ['a', 'b']],
])('%s', (_what, typed, expected) => {
  expect(names(typed)).toEqual(expected);
});

test.each([
  ['a lone continuation', [0x80, 0x61], ['a']],
  ['a character that breaks off', [0xe2, 0x82, 0x61], ['a']],
  ['a character within one', [0xe2, 0xc3, 0xa9], ['é']],
  ['overlong and surrogate forms', [0xc0, 0xaf, 0xe0, 0x80, 0xaf, 0xed, 0xa0, 0x80, 0x61], ['a']],
])('bytes that are no UTF-8 are swallowed: %s', (_what, bytes, expected) => {
  expect(keysOf([Uint8Array.from(bytes)]).map((key) => (key.type === 'text' ? key.text : key.type))).toEqual(expected);
});

test('the same keys wherever the stream is cut', () => {
  const pieces = fc.constantFrom(
    '\u001b[A',
    '\u001bOB',
    '\u001b[5~',
    '\u001b[1;5H',
    'é',
    '😀',
    'web',
    '\r',
    '\r\n',
    '\u007f',
    '\u0015',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), fc.array(fc.nat(60), { maxLength: 10 }), (typed, places) => {
      const bytes = Buffer.from(typed.join(''));
      const cuts = [0, ...places.map((place) => Math.min(place, bytes.length)).toSorted((a, b) => a - b), bytes.length];
      const cut = cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
      expect(keysOf(cut)).toEqual(keysOf([bytes]));
    }),
    { numRuns: count(500, 20_000) },
  );
});

test('any bytes: never an error, never a letter that drives a terminal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      for (const key of keysOf([bytes])) {
        if (key.type === 'text') expect(key.text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
      }
    }),
    { numRuns: count(1000, 50_000) },
  );
});
