import { expect, test } from 'vitest';
import { compare, median } from './compare.ts';

test('both sides are measured in turn and the last line is JSON with the medians', async () => {
  const lines: string[] = [];
  const calls: string[] = [];
  const side = (name: string, values: number[]) => async () => {
    calls.push(name);
    return values.shift() ?? Number.NaN;
  };
  await compare(
    {
      name: 'sample',
      unit: 'ops/s',
      rounds: 3,
      ours: side('ours', [300, 100, 200]),
      peer: side('peer', [50, 40, 30]),
      more: () => ({ grouped: 7 }),
    },
    (line) => lines.push(line),
  );
  expect(calls).toEqual(['ours', 'peer', 'peer', 'ours', 'ours', 'peer']);
  expect(lines).toHaveLength(4);
  expect(JSON.parse(lines.at(-1) ?? '')).toEqual({
    bench: 'sample',
    ratio: 5,
    ours: 200,
    peer: 40,
    unit: 'ops/s',
    rounds: 3,
    grouped: 7,
  });
});

test('a side that measured nothing is an error, not a figure', async () => {
  const nothing = { name: 'x', unit: 'ms', rounds: 1, ours: async () => 0, peer: async () => 1 } as const;
  await expect(compare(nothing, () => undefined)).rejects.toThrow(/ours measured 0/);
});

test('the median of an even number of figures is the mean of the middle two', () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
});
