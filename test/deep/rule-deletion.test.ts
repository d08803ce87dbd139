import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deep } from '../kit/counts.ts';
import { rulesNobodyMisses } from './rule-deletion.ts';
import { findRules } from './rules.ts';

const rules = findRules(join(import.meta.dirname, '../../src/domain'));
const sampleSize = 12;
/** All of them, or so many spread evenly over all files. */
const chosen = deep
  ? rules
  : Array.from({ length: sampleSize }, (_, index) => rules[Math.floor((index * rules.length) / sampleSize)]!);

test('rules are found in every decider', () => {
  expect(new Set(rules.map(({ file }) => file)).size).toBeGreaterThanOrEqual(20);
  expect(rules.length).toBeGreaterThanOrEqual(100);
});

test('deleting any one rule turns a test red', { timeout: 600_000 }, async () => {
  const missed = await rulesNobodyMisses(chosen);
  expect(missed.map(({ file, line, text }) => `${file}:${line} ${text}`)).toEqual([]);
});
