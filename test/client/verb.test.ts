import { expect, test } from 'vitest';
import { UsageError } from '../../src/client/errors.ts';
import { durationSeconds, positionals } from '../../src/client/verb.ts';

test.each([
  ['90s', 90],
  ['30m', 1800],
  ['8h', 28_800],
])('%s is %d seconds', (text, seconds) => {
  expect(durationSeconds(text, '--ttl')).toBe(seconds);
});

test.each(['', '8', 'h', '1.5h', '-1h', '1h30m', '1 h', '1d', '8H', '1234567s'])('"%s" is no duration', (text) => {
  expect(() => durationSeconds(text, '--ttl')).toThrow(UsageError);
  expect(() => durationSeconds(text, '--ttl')).toThrow(/--ttl .* write for example 30m or 8h/);
});

test('what is missing or too much is named', () => {
  const given = (...words: string[]) => ({ positionals: words, options: {} });
  expect(positionals(given('User', 'alice'), 'KIND', 'NAME')).toEqual(['User', 'alice']);
  expect(() => positionals(given('User'), 'KIND', 'NAME')).toThrow('NAME is missing');
  expect(() => positionals(given('User', 'alice', 'x'), 'KIND', 'NAME')).toThrow('x is one argument too many');
});
