import { describe, expect, test } from 'vitest';
import { longestName, nameProblem, titleProblem } from '../../../src/domain/kernel/names.ts';

describe('names of users, accounts and targets', () => {
  test.each(['ann', 'ann@example.org', 'DOMAIN\\ann', 'Ünïcode', 'web-1.example', 'x'.repeat(longestName)])(
    'takes %j',
    (name) => {
      expect(nameProblem(name)).toBeNull();
    },
  );
  test.each(['~', '[', ']', '#', ':'])('refuses %j, which login names are taken apart by', (separator) => {
    expect(nameProblem(`a${separator}b`)).toContain('login names');
    expect(titleProblem(`a${separator}b`)).toBeNull();
  });
  test.each(['\0', '\n', '\x1b', '\x7f', '\u0085', '\u200b', '\u202e', '\u2028', '\u2029', '\ud800'])(
    'refuses the invisible %j',
    (character) => {
      expect(nameProblem(`a${character}b`)).toContain('invisible');
      expect(titleProblem(`a${character}b`)).toContain('invisible');
    },
  );
  test('refuses the empty, the too long, and blanks at the ends', () => {
    expect(nameProblem('')).toContain('empty');
    expect(nameProblem('x'.repeat(longestName + 1))).toContain('129');
    expect(nameProblem(' a')).toContain('blank');
    expect(nameProblem('a ')).toContain('blank');
  });
});
