import { expect, test } from 'vitest';
import { longestReason, reasonOf } from '../../../src/domain/policy/reason.ts';

test('a reason is one line of visible text', () => {
  expect(reasonOf('  OPS-1:\tdisk\r\n full  ')).toBe('OPS-1: disk full');
  expect(reasonOf('a\u001b[2J\u202eb\ud800')).toBe('a\\u{1b}[2J\\u{202e}b\ufffd');
  expect(reasonOf('x'.repeat(longestReason))).toHaveLength(longestReason);
});

test.each([
  ['nothing', ''],
  ['spaces', ' \t '],
  ['more than it may have', 'x'.repeat(longestReason + 1)],
  ['more than it may have once it is visible', '\u0001'.repeat(longestReason / 2)],
  ['a token', `see spt_${'a'.repeat(30)}`],
  ['a login', `spl_${'a'.repeat(30)}`],
  ['a private key', '-----BEGIN OPENSSH PRIVATE KEY-----'],
])('%s is none', (_what, given) => expect(reasonOf(given)).toBe(''));
