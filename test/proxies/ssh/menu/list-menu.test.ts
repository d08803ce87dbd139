import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Reachable } from '../../../../src/application/admission/door.ts';
import { choicesOf } from '../../../../src/proxies/ssh/menu/choices.ts';
import { listMenu, printList, stepList } from '../../../../src/proxies/ssh/menu/list-menu.ts';
import type { Outcome } from '../../../../src/proxies/ssh/menu/outcome.ts';
import { count } from '../../../kit/counts.ts';
import { keysOf, open } from './menu-kit.ts';

/** All that was printed, and how it ended. */
function drive(reachable: readonly Reachable[], typed: Uint8Array | string, size = { columns: 80, rows: 10 }) {
  const begun = printList(listMenu(choicesOf(reachable), size));
  let { menu, show: shown } = begun;
  let outcome: Outcome | null = null;
  for (const key of keysOf([Buffer.from(typed)])) {
    const step = stepList(menu, key);
    ({ menu, outcome } = step);
    shown += step.show;
    if (outcome !== null) break;
  }
  return { shown, outcome };
}

const house = [
  open('db-1', { account: 'admin' }),
  open('db-1', { account: 'backup' }),
  open('web-1', { lastUsedAt: '2026-11-20T10:00:00.000Z' }),
];
const chosen = (target: string, account: string) => ({ type: 'chosen', chosen: { target, account } });
const ask = 'Number, name or search, q to leave: ';

test('a numbered list and a line to type, without any escape sequence', () => {
  expect(drive(house, '').shown).toBe(
    `Sallyport: where to? 2 to choose from\r\n   1  web-1  root  last 2026-11-20\r\n   2  db-1  admin, backup\r\n${ask}`,
  );
});

test.each([
  ['a number', '1\r', chosen('web-1', 'root')],
  ['a line feed ends a line too', '1\n', chosen('web-1', 'root')],
  ['a name', 'web-1\r', chosen('web-1', 'root')],
  ['a line mended', '2x\u007f\u007f1\r', chosen('web-1', 'root')],
  ['a search, then a number of what it left', 'db\r1\r2\r', chosen('db-1', 'backup')],
  ['an account by name', '2\radmin\r', chosen('db-1', 'admin')],
  ['back from the accounts', '2\r\r1\r', chosen('web-1', 'root')],
  ['all again after a search', 'db\r\r1\r', chosen('web-1', 'root')],
  ['a number that is not there', '3\r', null],
  ['a number of 40 digits', `${'9'.repeat(40)}\r`, null],
  ['q leaves', 'q\r', { type: 'left', code: 0 }],
  ['Ctrl-C leaves with 130', '1\u0003', { type: 'left', code: 130 }],
  ['Ctrl-D leaves', '\u0004', { type: 'left', code: 0 }],
])('%s', (_what, typed, outcome) => {
  expect(drive(house, typed).outcome).toEqual(outcome);
});

test('thousands of targets come page by page, and only what was printed has a number', () => {
  const many = Array.from({ length: 3000 }, (_, index) => open(`host-${String(index).padStart(4, '0')}`));
  const { shown } = drive(many, '');
  expect(shown.split('\r\n')).toHaveLength(8);
  expect(shown).toMatch(/Number, name or search, Enter for more \(2994\), q to leave: $/);
  expect(drive(many, '\r').shown).toContain('  12  host-0011');
  expect(drive(many, '7\r').outcome).toBeNull();
  expect(drive(many, '\r7\r').outcome).toEqual(chosen('host-0006', 'root'));
});

test('any keys, any names: no error, and no control character but those of a printed line', () => {
  const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 30 });
  const reachable = fc.array(
    fc.tuple(name, name).map(([target, account]) => open(target, { account })),
    { minLength: 1, maxLength: 30 },
  );
  const typed = fc.array(fc.oneof(fc.constantFrom(0x0d, 0x31, 0x32, 0x7f, 0x15), fc.integer({ min: 0, max: 255 })), {
    maxLength: 60,
  });
  const size = fc.record({ columns: fc.nat(200), rows: fc.nat(60) });
  fc.assert(
    fc.property(reachable, typed, size, (open, bytes, window) => {
      const { shown } = drive(open, Uint8Array.from(bytes), window);
      const rest = shown.replaceAll('\r\n', '').replaceAll('\b \b', '');
      expect(rest).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
    { numRuns: count(300, 10_000) },
  );
});
