import { expect, test } from 'vitest';
import { skipped } from '../../web/src/screens/player/idle.ts';
import { RecordQueue } from '../../web/src/screens/player/record-queue.ts';
import { clock, linkMoment, momentOf, spoken } from '../../web/src/screens/player/times.ts';

test('of an idle stretch its first second and the last moment before something happens are shown', () => {
  const idle = [
    { from: 1_000, to: 9_000 },
    { from: 20_000, to: 60_000 },
  ];
  expect([500, 1_500, 2_000, 8_699, 8_700, 12_000, 21_000, 70_000].map((at) => skipped(idle, at))).toEqual([
    500, 1_500, 8_700, 8_700, 8_700, 12_000, 59_700, 70_000,
  ]);
  expect(skipped([], 5)).toBe(5);
});

test('records are taken when they are due, neighbouring output at once, and a size between them apart', () => {
  const queue = new RecordQueue();
  const output = (at: number, text: string) => ({ at, kind: 'output', channel: 0, text });
  const size = { at: 3, kind: 'resize', channel: 0, data: { columns: 100, rows: 30 } };
  queue.add([output(1, 'a'), output(2, 'b'), size, output(4, 'c')]);
  queue.add([output(9, 'd')]);
  expect(queue.take(0)).toBeUndefined();
  expect(queue.take(5)?.text).toBe('ab');
  expect(queue.take(5)).toEqual(size);
  expect(queue.take(5)?.text).toBe('c');
  expect(queue.take(5)).toBeUndefined();
  expect(queue.size).toBeGreaterThan(0);
  expect(queue.take(9)?.text).toBe('d');
  expect(queue.size).toBe(0);
});

test('a moment in a link is seconds, and anything else is the start', () => {
  expect(momentOf(linkMoment(83_250.7))).toBe(83_250);
  expect(['1.5', '', '-3', 'NaN', '1e9', '1.23456', '7'].map(momentOf)).toEqual([1_500, 0, 0, 0, 0, 0, 7_000]);
});

test('times are written and said', () => {
  expect([0, 61_999, 3_600_000].map(clock)).toEqual(['00:00', '01:01', '1:00:00']);
  expect([0, 61_000, 7_202_000].map(spoken)).toEqual(['0 seconds', '1 minute 1 second', '2 hours 2 seconds']);
});
