import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choicesOf } from '../../../../src/proxies/ssh/menu/choices.ts';
import { resizeScreen, screenMenu, stepScreen } from '../../../../src/proxies/ssh/menu/screen-menu.ts';
import { enterScreen, leaveScreen, paint } from '../../../../src/proxies/ssh/menu/screen-view.ts';
import { count } from '../../../kit/counts.ts';
import { drive, keysOf, open } from './menu-kit.ts';
import { ScreenModel } from './screen-model.ts';

const house = [
  open('web-1', { labels: { tier: 'web', site: 'north' } }),
  open('db-1', { account: 'admin', lastUsedAt: '2026-11-20T10:00:00.000Z' }),
  open('db-1', { account: 'backup', recording: 'off' }),
  open('mail', { reason: 'a condition is not met now', recording: null }),
  open('build', { lastUsedAt: '2026-11-22T10:00:00.000Z' }),
];
const [up, down, right, leftKey] = ['\u001b[A', '\u001b[B', '\u001b[C', '\u001b[D'];
const chosen = (target: string, account: string) => ({ type: 'chosen', chosen: { target, account } });

test('recent ones first, then by name, then what something stands against; with accounts, notes and labels', () => {
  const { screen } = drive(house, '');
  expect(screen.lines).toEqual([
    'Sallyport: where to?',
    'Search:',
    '',
    '> build  root           last 2026-11-22',
    '  db-1   admin, backup  last 2026-11-20',
    '  web-1  root                                       tier=web site=north',
    '  mail   root           a condition is not met now',
    '',
    '',
    'type to search, Up/Down, Enter connects, Esc or Ctrl-C leaves',
  ]);
  expect(screen.markedLine).toMatch(/^build /);
  expect(screen.cursor).toEqual({ row: 1, column: 8 });
  expect(screen.alternate).toBe(true);
});

test.each([
  ['Enter takes the one that is marked', '\r', chosen('build', 'root')],
  ['arrow keys mark', `${down}${down}${up}${down}\r`, chosen('web-1', 'root')],
  ['arrow keys of application mode', '\u001bOB\u001bOB\r', chosen('web-1', 'root')],
  ['End and Home', '\u001b[4~\u001b[1~\r', chosen('build', 'root')],
  ['a search by name', 'WEB\r', chosen('web-1', 'root')],
  ['a search by label', 'north\r', chosen('web-1', 'root')],
  ['a search by account, whose account is asked for then', 'backup\r\r', chosen('db-1', 'admin')],
  ['a search of several words', 'root 1\r', chosen('web-1', 'root')],
  ['a search mended', 'xyz\u007f\u0008\u007fmail\r', chosen('mail', 'root')],
  ['a search dropped by Ctrl-U, and by Escape', 'zz\u0015\r', chosen('build', 'root')],
  ['the second account', `db${right}${down}\r`, chosen('db-1', 'backup')],
  ['Left goes back from the accounts', `db\r${down}${leftKey}\u0015\r`, chosen('build', 'root')],
  ['nothing found is nothing chosen', 'zz\r', null],
  ['Ctrl-C leaves with 130', 'we\u0003', { type: 'left', code: 130 }],
  ['Ctrl-D leaves', '\u0004', { type: 'left', code: 0 }],
  ['Escape leaves when there is no search', '\u001b', { type: 'left', code: 0 }],
  ['Escape drops a search first', 'web\u001b', null],
  ['q is a letter of a search', 'q', null],
  ['q leaves where nothing is searched', 'db\rq', { type: 'left', code: 0 }],
])('%s', (_what, typed, outcome) => {
  expect(drive(house, typed).outcome).toEqual(outcome);
});

test('the accounts of a target are a list of their own', () => {
  const { screen } = drive(house, `db\r${down}`);
  expect(screen.lines.slice(0, 6)).toEqual([
    'db-1: as whom?',
    '',
    '',
    '  admin   last 2026-11-20',
    '> backup  not recorded',
    '',
  ]);
});

test('thousands of targets are paged to the height of the window', () => {
  const many = Array.from({ length: 5000 }, (_, index) => open(`host-${String(index).padStart(4, '0')}`));
  const { screen, menu } = drive(many, '\u001b[6~\u001b[6~\u001b[B');
  expect(screen.lines[0]).toBe('Sallyport: where to?  14 of 5000');
  expect(screen.markedLine).toMatch(/^host-0013/);
  expect(menu.targets).toEqual({ place: 13, top: 8 });
  expect(drive(many, '\u001b[4~').screen.markedLine).toMatch(/^host-4999/);
  expect(drive(many, '42').screen.lines[3]).toMatch(/host-0042/);
  expect(drive(many, '4999\r').outcome).toEqual(chosen('host-4999', 'root'));
});

test('a change of size keeps the mark in sight, and a size of nothing changes nothing', () => {
  const many = Array.from({ length: 50 }, (_, index) => open(`host-${String(index).padStart(2, '0')}`));
  const { menu } = drive(many, '\u001b[6~\u001b[6~', { columns: 80, rows: 24 });
  for (const [columns, rows] of [
    [40, 8],
    [200, 60],
    [20, 5],
  ] as const) {
    const screen = new ScreenModel(columns, rows);
    screen.feed(paint(resizeScreen(menu, { columns, rows })));
    expect(screen.markedLine).toMatch(/^host-40/);
  }
  expect(resizeScreen(menu, { columns: 0, rows: 0 })).toBe(menu);
});

test('names are visible text, cut by columns', () => {
  const names = [
    open('evil\u001b[2J\u009b5n\u202ename', { account: 'a\nb', labels: { x: '\u0007' } }),
    open('漢'.repeat(60)),
    open(`z${'\u0301'.repeat(500)}`),
  ];
  const { screen } = drive(names, '', { columns: 60, rows: 8 });
  const shown = screen.lines.join('\n');
  expect(shown).toContain(String.raw`evil\u{1b}[2J\u{9b}`);
  expect(shown).toContain('漢..');
  expect(shown).toContain('z\u0301\u0301\u0301\u0301 ');
});

test('any keys, any names, any sizes: no error, nothing but known sequences, nothing outside of the window', () => {
  const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
  const reachable = fc.array(
    fc
      .record({ target: name, account: name, label: name, reason: fc.constantFrom(null, 'not\u001bnow') })
      .map((each) =>
        open(each.target, { account: each.account, labels: { [each.label]: each.label }, reason: each.reason }),
      ),
    { minLength: 1, maxLength: 30 },
  );
  const size = fc.record({ columns: fc.integer({ min: 20, max: 120 }), rows: fc.integer({ min: 5, max: 40 }) });
  const typed = fc.array(
    fc.oneof(
      fc
        .constantFrom(up, down, right, leftKey, '\r', '\u001b[5~', '\u001b[6~', '\u007f', 'a', '漢')
        .map((text) => Buffer.from(text)),
      fc.uint8Array({ maxLength: 6 }),
    ),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(reachable, fc.array(size, { minLength: 1, maxLength: 3 }), typed, (open, sizes, pieces) => {
      let menu = screenMenu(choicesOf(open), { columns: 80, rows: 24 });
      for (const { columns, rows } of sizes) {
        menu = resizeScreen(menu, { columns, rows });
        const screen = new ScreenModel(columns, rows);
        screen.feed(enterScreen);
        for (const key of keysOf(pieces)) {
          screen.feed(paint(menu));
          const step = stepScreen({ ...menu, notice: 'why\u0301 not' }, key);
          menu = step.menu;
          if (step.outcome?.type === 'chosen')
            expect(open.map(({ target }) => target)).toContain(step.outcome.chosen.target);
        }
        screen.feed(paint({ ...menu, notice: 'x'.repeat(300) }) + leaveScreen);
        expect(screen.alternate).toBe(false);
      }
    }),
    { numRuns: count(60, 5000) },
  );
});
