import { expect, test } from 'vitest';
import type { TerminalRequest } from '../../../../src/application/ports/target-terminal.ts';
import type { FilePolicy } from '../../../../src/proxies/ssh/files/file-policy.ts';
import { scpCommand, scpPath } from '../../../../src/proxies/ssh/files/scp-command.ts';
import { refusedTransfer, transferOf } from '../../../../src/proxies/ssh/files/transfers.ts';
import { commandWords } from '../../../../src/proxies/ssh/files/command-words.ts';

const exec = (command: string): TerminalRequest => ({ kind: 'exec', command, pty: null, env: [] });
const named = (command: string): string | null => {
  const transfer = transferOf(exec(command));
  return transfer === null ? null : (transfer.name ?? transfer.kind);
};

test.each([
  ['scp -t /tmp', 'scp upload'],
  ['scp -v -r -p -d -t -- -odd', 'scp upload'],
  ["scp -f '/tmp/a b; c' /tmp/x\\;y /var/*.log ./*.log ~/z ~bob \\*x '[x]'", 'scp download'],
  ['scp -t ~/x\\*', 'scp upload'],
  ['/usr/bin/scp -prf /tmp', 'scp download'],
  ['rsync --server -logDtpre.iLsfxCIvu --delete . /srv/x', 'rsync upload'],
  ['rsync --server --sender -vlogDtpre.iLsfxCIvu --timeout=30 . a b', 'rsync download'],
  ['/usr/lib/openssh/sftp-server', 'sftp'],
  ['sftp-server', 'sftp'],
])('%s is the transfer that it says', (command, name) => {
  expect(named(command)).toBe(name);
});

test.each([
  'scp -t /tmp; cat x',
  'scp -t /tmp && cat x',
  'scp -t /tmp\ncat x',
  'scp -t "$HOME"',
  'scp -t `id`',
  'scp -t /tmp > x',
  'scp -t (x)',
  'scp -t {a,b}',
  'scp -t "a',
  'scp -t a\\',
  'scp -t a b',
  'scp -f *.log',
  'scp -t ?',
  'scp -t /tmp/x*',
  'scp -t [-]r',
  'scp -t ~+/x',
  'scp -t ~-',
  'scp -t ~$x',
  'scp [-]f -t x',
  'scp -t \\x2d',
  "scp -t 'a\\' b'",
  'scp -t',
  'scp -t -f a',
  'scp -S /tmp/evil -t a',
  'scp -oProxyCommand=x -f a',
  'scp a b:c',
  'FOO=1 scp -t a',
  './scp -t a',
  'exec scp -t a',
  'rsync --server --daemon .',
  'rsync --server -logDtpr --log-file=/etc/x . y',
  'rsync --server -slogDtpre.iLsfxCIvu . y',
  'rsync --server --sender -logDtpre.iLs . y --config=/x',
  'rsync --server -e sh . y',
  'rsync --server -logDtpre.iLsfxCIvu . [-]-sender y',
  'rsync --server -logDtpre.iLsfxCIvu . [-]-c*=c [-]-daemon',
  'rsync --server --sender -logDtpre.iLsfxCIvu . *.txt',
  'rsync --server --sender -logDtpre.iLsfxCIvu . ~- x',
  'rsync -a x y',
  'sftp-server -d /x',
  'cat sftp-server',
  '',
])('%j is an ordinary command, recorded as such', (command) => {
  expect(named(command)).toBeNull();
});

test('with a terminal everything is an ordinary command', () => {
  const pty = { term: 'xterm', columns: 80, rows: 24, widthPixels: 0, heightPixels: 0, modes: null };
  expect(transferOf({ ...exec('scp -t /tmp'), pty })).toBeNull();
});

const refused = (command: string, policy: Partial<FilePolicy>): string | null =>
  refusedTransfer(transferOf(exec(command)), exec(command), { files: 'both', maxFileBytes: null, ...policy });

test('what the entitlement does not open is refused before anything starts', () => {
  const rsyncDown = 'rsync --server --sender -logDtpre.iLsfxCIvu . x';
  for (const command of ['scp -t x', 'scp -f x', rsyncDown, 'sftp-server', 'exec sftp-server', 'scp -t x; true']) {
    expect(refused(command, { files: 'none' })).toMatch(/files may not be/);
    expect(refused(command, {})).toBeNull();
  }
  expect(refused('scp -t x', { files: 'download' })).toMatch(/only be read/);
  expect(refused('scp -f x', { files: 'upload' })).toMatch(/only be written/);
  expect(refused('scp -f x', { files: 'download' })).toBeNull();
  expect(refused(rsyncDown, { files: 'download' })).toBeNull();
  expect(refused(rsyncDown, { files: 'upload' })).toMatch(/only be written/);
  expect(refused(rsyncDown.replace(' . ', ' --remove-source-files . '), { files: 'download' })).toMatch(/only be read/);
  expect(refused(rsyncDown, { maxFileBytes: 10 })).toMatch(/can not be measured/);
  expect(refused('scp -t x', { maxFileBytes: 10 })).toBeNull();
  expect(refused('rsync --server -s . x', { maxFileBytes: 10 })).toMatch(/use sftp/);
  for (const command of ['ls', 'cat x', 'echo scp']) expect(refused(command, { files: 'none' })).toBeNull();
});

test('the paths of scp are named as far as they are known', () => {
  const path = (command: string, ...names: string[]): string => scpPath(scpCommand(commandWords(command)!)!, names);
  expect(path('scp -t /tmp/x', 'x')).toBe('/tmp/x');
  expect(path('scp -t /tmp/x', 'y')).toBe('/tmp/x[/y]');
  expect(path('scp -t /tmp/', 'y')).toBe('/tmp/y');
  expect(path('scp -r -d -t d', 'sub', 'y')).toBe('d/sub/y');
  expect(path('scp -f /tmp/x', 'x')).toBe('/tmp/x');
  expect(path('scp -r -f /tmp/x/', 'x', 'y')).toBe('/tmp/x/y');
  expect(path('scp -f /tmp/*.log', 'a.log')).toBe('/tmp/a.log');
  expect(path('scp -f /*/a', 'a')).toBe('a');
  expect(path('scp -f a b', 'b')).toBe('b');
});

test('a command line of any length is judged in little time', () => {
  const long = 32_000;
  const lines = ['rsync ', 'scp ', '-a', '/', ' -', ' "-"', 'scp -t '].flatMap((part) => {
    const rest = part.repeat(long / part.length);
    return [
      rest,
      `scp ${rest}x`,
      `scp -t ${rest}x`,
      `scp -f ${rest}x`,
      `rsync --server . ${rest}x`,
      `rsync --server ${rest} . x`,
    ];
  });
  const judge = (command: string): number => {
    const start = performance.now();
    refused(command, { files: 'none' });
    const words = commandWords(command);
    const scp = words === null ? null : scpCommand(words);
    if (scp !== null) scpPath(scp, ['y']);
    return performance.now() - start;
  };
  // The best of some: what else the machine does at the time is not meant.
  for (const command of lines) expect(Math.min(...[1, 2, 3].map(() => judge(command)))).toBeLessThan(100);
});
