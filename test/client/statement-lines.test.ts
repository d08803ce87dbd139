import { expect, test } from 'vitest';
import { isOfDatabase, statementLines } from '../../src/client/statement-lines.ts';

const begun = (data: Readonly<Record<string, unknown>>): readonly string[] =>
  statementLines({ at: 61_234, kind: 'statement', channel: 0, data });

test.each([
  [{ n: 1, via: 'query', kind: 'select', text: 'select 1' }, ['#1 query [select]  select 1']],
  [
    { n: 2, via: 'query', kind: 'select', text: 'select 1,\r\n  2\n-- \u001b[2J' },
    ['#2 query [select]  select 1,', '  2', '-- \\u{1b}[2J'],
  ],
  [{ via: 'prepare', name: 's1', kind: 'update', text: 'update t' }, ['prepare "s1" [update]  update t']],
  [
    { n: 3, via: 'execute', kind: 'update', text: 'update t', parameters: ["o'k\n", null, true, { hex: 'ff' }] },
    ['#3 execute [update]  update t', "$1 = 'o''k\\u{a}', $2 = null, $3 = true, $4 = hex 'ff'"],
  ],
  [
    { n: 4, via: 'execute', kind: 'select', text: 'select 1', portal: 'c', fetch: true, maxRows: 10 },
    ['#4 fetch up to 10 rows from "c" [select]  select 1'],
  ],
  [
    { n: 5, via: 'query', kind: 'execute', text: 'execute s1', prepared: { s1: 'update t' } },
    ['#5 query [execute]  execute s1', '"s1" is update t'],
  ],
  [
    { n: 6, via: 'query', kind: 'drop', text: 'drop table t', verdict: 'denied', why: 'drop is not allowed' },
    ['#6 REFUSED query [drop]  drop table t', 'drop is not allowed'],
  ],
  [
    { n: 7, via: 'query', kind: 'not understood', text: 'selec', verdict: 'marked', why: 'not understood' },
    ['#7 marked query [not understood]  selec', 'not understood'],
  ],
  [
    { n: 8, via: 'query', kind: 'select', fingerprint: 'ab12' },
    ['#8 query [select]  (text not kept, fingerprint ab12)'],
  ],
  [{ n: 9, via: 'execute', kind: 'execute' }, ['#9 execute [execute]  (text not known)']],
  [
    { n: 10, via: 'function', kind: 'function call', function: 1598, parameters: [] },
    ['#10 function 1598 [function call]'],
  ],
  [{ n: 11, via: 'cancel', source: '192.0.2.1' }, ['#11 cancel request from 192.0.2.1']],
])('a statement says when, how and what: %j', (data, [first, ...rest]) => {
  expect(begun(data)).toEqual([`0:01:01.234  ${String(first)}`, ...rest.map((line) => `             ${line}`)]);
});

test('how earlier ones ended comes before the statement that it came with, or alone', () => {
  const ended = [
    { n: 1, outcome: 'done', error: null, rows: 1, bytes: 12, ms: 0.4 },
    { n: 2, outcome: 'failed', error: '42601', rows: 0, bytes: 0, ms: 3 },
    { n: 3, outcome: 'unknown', error: null, rows: 2, bytes: 1, ms: 1 },
  ];
  const lines = [
    '             #1 done, 1 row, 12 bytes, 0.4 ms',
    '             #2 failed with SQLSTATE 42601, 0 rows, 0 bytes, 3 ms',
    '             #3 answer not seen, 2 rows, 1 byte, 1 ms',
  ];
  expect(begun({ ended })).toEqual(lines);
  const both = begun({ n: 4, via: 'query', kind: 'begin', text: 'begin', ended });
  expect(both).toEqual([...lines, '0:01:01.234  #4 query [begin]  begin']);
});

test('a part of a statement that is too long is named as one, with what it says', () => {
  expect(begun({ part: 2, parts: 3, piece: 'x\u001b' })).toEqual(['0:01:01.234  part 2 of a long statement: x\\u{1b}']);
});

test('a line that was typed in a shell is no statement at a database', () => {
  const record = { at: 0, kind: 'statement', channel: 0 };
  expect(isOfDatabase({ ...record, data: { known: true, line: 'ls' } })).toBe(false);
  expect(isOfDatabase({ ...record, data: { via: 'query' } })).toBe(true);
  expect(isOfDatabase({ ...record, kind: 'output', text: 'x' })).toBe(false);
});
