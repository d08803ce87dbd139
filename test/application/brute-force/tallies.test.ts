import { expect, test } from 'vitest';
import { Tallies } from '../../../src/application/brute-force/tallies.ts';

const window = 1_000;

test('failures of a key are counted for one window from the first on, and the limit is said once in it', () => {
  const tallies = new Tallies(3, window);
  expect(tallies.add('a', 'x', 0)).toEqual({ total: 1, reached: false });
  expect(tallies.add('a', 'y', 500)).toEqual({ total: 2, reached: false });
  expect(tallies.add('b', 'x', 500)).toEqual({ total: 1, reached: false });
  expect(tallies.add('a', 'x', 999)).toEqual({ total: 3, reached: true });
  expect(tallies.add('a', 'x', 999)).toEqual({ total: 4, reached: false });
  expect(tallies.count('a', 999)).toBe(4);
  expect(tallies.count('a', 1_000)).toBe(0);
  expect(tallies.add('a', 'x', 1_000)).toEqual({ total: 1, reached: false });
});

test('a success takes away the failures of its share alone, and the limit is not said again for what comes after', () => {
  const tallies = new Tallies(3, window);
  for (const share of ['x', 'x', 'y']) tallies.add('a', share, 0);
  tallies.clear('a', 'x');
  expect(tallies.count('a', 0)).toBe(1);
  tallies.add('a', 'x', 1);
  expect(tallies.add('a', 'x', 1)).toEqual({ total: 3, reached: false });
  tallies.clear('a', 'nobody');
  tallies.clear('b', 'x');
  expect(tallies.count('a', 1)).toBe(3);
  tallies.forget('a');
  expect(tallies.count('a', 1)).toBe(0);
});

test('memory is bounded: of 10,000 keys the one that failed longest ago goes first', () => {
  const tallies = new Tallies(3, window);
  tallies.add('0', 'x', 0);
  tallies.add('1', 'x', 0);
  tallies.add('0', 'x', 0);
  for (let n = 2; n <= 10_000; n += 1) tallies.add(String(n), 'x', 0);
  expect(tallies.count('1', 0)).toBe(0);
  expect(tallies.count('0', 0)).toBe(2);
  expect(tallies.count('10000', 0)).toBe(1);
});

test('shares beyond 64 of a key still count, and no success takes them away', () => {
  const tallies = new Tallies(1_000, window);
  for (let n = 0; n < 100; n += 1) tallies.add('a', `share ${n}`, 0);
  expect(tallies.count('a', 0)).toBe(100);
  for (let n = 0; n < 100; n += 1) tallies.clear('a', `share ${n}`);
  tallies.clear('a', '');
  expect(tallies.count('a', 0)).toBe(36);
});
