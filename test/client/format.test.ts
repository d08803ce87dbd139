import { expect, test } from 'vitest';
import { cell, jsonLine, table, yamlText } from '../../src/client/format.ts';

test('a table has a header and columns as wide as their widest cell, without trailing blanks', () => {
  const rows = [
    { id: 'session-1', startedAt: '2026', user: 'alice' },
    { id: 'session-22', startedAt: null, user: '' },
  ];
  expect(table(rows, ['id', 'user', 'startedAt']).split('\n')).toEqual([
    'ID          USER   STARTED AT',
    'session-1   alice  2026',
    'session-22         -',
  ]);
});

test('what is not text is shown on one line', () => {
  expect([true, 0, undefined, null, ['a', 'b'], [], { a: [1] }].map(cell)).toEqual([
    'true',
    '0',
    '-',
    '-',
    'a, b',
    '-',
    '{"a":[1]}',
  ]);
});

test('control characters are shown as text: no cell moves the cursor, breaks a line or turns its direction', () => {
  const bad = '\u001b[2J\r\n\t\u0007\u009b1m\u202e\u2028\u200b';
  for (const value of [bad, [bad], { [bad]: bad }]) {
    expect(table([{ name: value }], ['name']).split('\n')).toHaveLength(2);
    expect(cell(value)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  }
  expect(cell('a\u001b[31mb')).toBe(String.raw`a\u{1b}[31mb`);
});

test('JSON and YAML of strange text hold the same value and nothing that a terminal would act on', () => {
  const strange = { name: '\u001b[2J\u009b1m\u007f\u202e\u2028\u{e0001}ü', list: ['a\nb'] };
  expect(jsonLine(strange)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(JSON.parse(jsonLine(strange))).toEqual(strange);
  expect(yamlText(strange, () => `name: ${strange.name}\n`)).toBe(jsonLine(strange));
  expect(yamlText({ name: 'ü' }, () => 'name: ü\nother: 1\n')).toBe('name: ü\nother: 1');
});
