import { expect, test } from 'vitest';
import { TestTurns } from '../../../src/application/system-access/test-turns.ts';

test('two at once; one that ended makes room', () => {
  const turns = new TestTurns(() => 0);
  const [first] = [turns.take(), turns.take()];
  expect(turns.take()).toBeNull();
  first?.();
  expect(turns.take()).not.toBeNull();
  expect(turns.take()).toBeNull();
});

test('ten in any minute', () => {
  let now = 0;
  const turns = new TestTurns(() => now);
  const taken = (): boolean => {
    const end = turns.take();
    end?.();
    return end !== null;
  };
  for (let each = 0; each < 10; each += 1) {
    now = each * 1_000;
    expect(taken()).toBe(true);
  }
  expect(taken()).toBe(false);
  now = 59_999;
  expect(taken()).toBe(false);
  now = 60_000;
  expect([taken(), taken()]).toEqual([true, false]);
});
