import { expect, test } from 'vitest';
import {
  defaultSshChannels,
  forwardPair,
  isForwardPair,
  isVariablePattern,
  mayForward,
  mayPass,
} from '../../../src/domain/policy/channels.ts';

test.each(['db1:1', 'db1.example.org:65535', '127.0.0.1:22', '[::1]:80', '[fe80::1%eth0]:22', 'a_b-c:9'])(
  '%s is a pair of host and port',
  (pair) => expect(isForwardPair(pair)).toBe(true),
);
test.each([
  '',
  'db1',
  'bücher:80',
  ':22',
  'db1:',
  'db1:0',
  'db1:022',
  'db1:65536',
  'db1:-1',
  '::1:22',
  '[db1]:22',
  '[]:22',
  'a b:22',
  'a\n:22',
  '*:22',
  'db1:*',
  'db1:22 ',
  `${'a'.repeat(254)}:22`,
])('%j is none', (pair) => expect(isForwardPair(pair)).toBe(false));

test('a connection leads to the pairs that are named, and nowhere else', () => {
  const channels = { ...defaultSshChannels, forward: ['Db1.example.org:5432', '[FE80::1]:80'] };
  expect(mayForward(channels, 'db1.EXAMPLE.org', 5432)).toBe(true);
  expect(mayForward(channels, 'fe80::1', 80)).toBe(true);
  for (const [host, port] of [
    ['db1.example.org', 5433],
    ['db1.example.org.', 5432],
    ['db1', 5432],
    ['xdb1.example.org', 5432],
    ['db1.example.org:5432', 5432],
    ['[fe80::1]', 80],
    ['', 5432],
    ['db1.example.or\u{fb01}', 5432],
  ] as const) {
    expect(mayForward(channels, host, port), forwardPair(host, port)).toBe(false);
  }
  expect(mayForward(defaultSshChannels, 'localhost', 22)).toBe(false);
  expect(mayForward({ ...defaultSshChannels, forward: ['kdb:22'] }, '\u{212a}db', 22)).toBe(false);
});

test.each(['TZ', 'LC_*', '_x', 'A1'])('%s names variables', (name) => expect(isVariablePattern(name)).toBe(true));
test.each(['', '*', 'A*B', '*A', 'A**', '1A', 'A=1', 'A B', 'A\n', 'Ä', 'A'.repeat(128)])('%j names none', (name) =>
  expect(isVariablePattern(name)).toBe(false),
);

test('a variable passes by its name or by a pattern, a telling one by its name alone', () => {
  const channels = { ...defaultSshChannels, env: ['TZ', 'LC_*', 'L*', 'P*', 'B*', 'I*', 'E*', 'PYTHONPATH'] };
  for (const name of ['TZ', 'LC_ALL', 'LC_', 'LANG', 'PRINTER', 'ISO', 'PYTHONPATH']) {
    expect(mayPass(channels, name), name).toBe(true);
  }
  for (const name of [
    'T',
    'TZX',
    'tz',
    'XLC_ALL',
    'LD_PRELOAD',
    'LD_LIBRARY_PATH',
    'PATH',
    'PROMPT_COMMAND',
    'PERL5OPT',
    'BASH_ENV',
    'BASH_FUNC_ls%%',
    'IFS',
    'ENV',
  ]) {
    expect(mayPass(channels, name), name).toBe(false);
  }
  expect(mayPass({ ...defaultSshChannels, env: ['LD_*'] }, 'LD_PRELOAD')).toBe(false);
  expect(mayPass({ ...defaultSshChannels, env: ['LD_PRELOAD'] }, 'LD_PRELOAD')).toBe(true);
  expect(mayPass(defaultSshChannels, 'LANG')).toBe(false);
});
