import { expect, test } from 'vitest';
import { ago, clockTime, duration } from '../../web/src/parts/moments.ts';
import { ttlSeconds } from '../../web/src/screens/tokens/validity.ts';
import { clientTabs } from '../../web/src/screens/access/client-tabs.ts';

const at = (text: string): number => new Date(text).getTime();

test('a length of time has its two largest parts', () => {
  expect([0, 59_999, 60_000, 125_000, 28_799_999, 28_800_000, 273_600_000, -5].map(duration)).toEqual([
    ...['0 s', '59 s', '1 min', '2 min 5 s', '7 h 59 min', '8 h', '3 d 4 h', '0 s'],
  ]);
});

test('a moment is told from now, and by its date when it is long ago', () => {
  const now = at('2026-03-05T12:00:00');
  expect(ago(now - 30_000, now)).toBe('just now');
  expect(ago(now - 300_000, now)).toBe('5 min ago');
  expect(ago(now - 7_300_000, now)).toBe('2 h ago');
  expect(ago(at('2026-03-04T09:05:00'), now)).toBe('yesterday 09:05');
  expect(clockTime(at('2026-03-05T23:59:00'), now)).toBe('23:59');
  expect(clockTime(at('2026-03-06T00:01:00'), now)).toBe('tomorrow 00:01');
  expect(clockTime(at('2025-12-31T08:00:00'), now)).toBe('31 Dec 2025, 08:00');
});

test('a token lives whole minutes, 8 hours at the most', () => {
  expect([1, 480, '90', 0, 481, 1.5, '', ' ', 'x'].map(ttlSeconds)).toEqual([
    ...[60, 28_800, 5_400, null, null, null, null, null, null],
  ]);
});

test('ways stand in the tab of their client, unknown ones in one of their own, a certificate alone in none', () => {
  const tabs = clientTabs(['jdbc', 'ca', 'psql', 'newclient'].map((client) => ({ client })));
  expect(tabs.map(({ id, ways }) => [id, ways.map(({ client }) => client)])).toEqual([
    ['psql', ['psql', 'ca']],
    ['drivers', ['jdbc', 'ca']],
    ['others', ['newclient']],
  ]);
  expect(clientTabs([{ client: 'ca' }])).toEqual([]);
});
