import fc from 'fast-check';
import { expect, test } from 'vitest';
import { passwordProblem } from '../../../src/domain/user/password-rules.ts';

const own = ['rosalind', 'rosalind.franklin@example.org'];

test.each([
  'correct horse',
  'eight ch',
  '\u{1f511}'.repeat(3) + 'k3y5!',
  '        x',
  'rosalind53',
  'x'.repeat(1_023) + 'y',
])('may be chosen: %j', (password) => {
  expect(passwordProblem(password, own)).toBeNull();
});

test.each([
  ['', 'at least 8'],
  ['7 chars', 'at least 8'],
  ['\u{1f511}\u{1f512}\u{1f513}\u{1f510}', 'at least 8'],
  ['xy'.repeat(513), 'at most 1024'],
  ['Password1', 'guessed first'],
  ['\uff50\uff41\uff53\uff53\uff57\uff4f\uff52\uff44', 'guessed first'],
  ['SallyPort', 'guessed first'],
  ['zzzzzzzzzzzz', 'guessed first'],
  ['12345678', 'guessed first'],
  ['hgfedcba', 'guessed first'],
  ['Rosalind', 'name or the address'],
  ['rosalind.franklin', 'name or the address'],
  ['Rosalind.Franklin@Example.ORG', 'name or the address'],
])('may not be chosen: %j', (password, why) => {
  expect(passwordProblem(password, own)).toContain(why);
});

test('law: the reason never holds the password', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 3 }), (password) => {
      expect(passwordProblem(`#${password}`, [`#${password}`]) ?? '').not.toContain(`#${password}`);
    }),
  );
});
