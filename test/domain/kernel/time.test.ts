import { expect, test } from 'vitest';
import { spokenDuration } from '../../../src/domain/kernel/time.ts';

test.each([
  [9 * 3_600_000, '9 h'],
  [8 * 3_600_000 + 30 * 60_000, '8 h 30 min'],
  [65_000, '1 min 5 s'],
  [0, '0 ms'],
  [-5_000, '-5000 ms'],
  [0.5, '0.5 ms'],
])('%d milliseconds are said as %s', (milliseconds, said) => {
  expect(spokenDuration(milliseconds)).toBe(said);
});
