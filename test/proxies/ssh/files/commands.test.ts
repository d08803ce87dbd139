import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TerminalRequest } from '../../../../src/application/ports/target-terminal.ts';
import type { FilePolicy } from '../../../../src/proxies/ssh/files/file-policy.ts';
import { scpCommand, scpPath } from '../../../../src/proxies/ssh/files/scp-command.ts';
import { refusedTransfer, transferOf } from '../../../../src/proxies/ssh/files/transfers.ts';
import { commandWords } from '../../../../src/proxies/ssh/files/command-words.ts';
import { count } from '../../../kit/counts.ts';
import { runProcess } from '../../../kit/process.ts';
import { tempDir } from '../../../kit/temp-dir.ts';
import { cpuMilliseconds } from '../../../kit/cpu-time.ts';

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
  'rsync --server --delete --sender -logDtpre.iLsfxCIvu . y',
  'rsync --server -ve.LsfxCIvu -M --sender . dest/',
  'rsync --server -logDtpre.iLsfxCIvu --suffix=[x] . y',
  'rsync -a x y',
  'sftp-server -d /x',
  'cat sftp-server',
  '',
])('%j is an ordinary command, recorded as such', (command) => {
  expect(named(command)).toBeNull();
});

test.each([
  ['-a'],
  ['-avzHAXR', '--numeric-ids'],
  ['-rlptDU', '--checksum', '--inplace', '--partial', '--stats'],
  ['-ai', '--delete', '--delete-excluded', '--max-delete=0', '--timeout=9', '--bwlimit=9', '--progress'],
  ['-n', '-a'],
  ['-aSx', '--compress-choice=zstd', '--max-size=9k', '--ignore-existing', '--info=progress2'],
  ['-a', '--usermap=*:x', '--remove-source-files', '--no-specials', '--mkpath', '-B9'],
  ['-d', '--delete', '--append', '--no-implied-dirs', '-R'],
])('what the real rsync sends for %s is known, both ways', async (...options) => {
  const said = join(tempDir(), 'said');
  writeFileSync(said, '#!/bin/sh\nshift; printf %s "$*" >&2; exit 1\n', { mode: 0o700 });
  for (const [way, words] of [
    ['upload', ['/etc/hostname', 'host:d/']],
    ['download', ['host:d/./*.txt', '/nowhere']],
  ] as const) {
    const { stderr } = await runProcess('rsync', ['-e', said, ...options, ...words]);
    expect(named(/^rsync --server .*? \. .*?(?=rsync(:| error))/s.exec(stderr)?.[0].trim() ?? stderr)).toBe(
      `rsync ${way}`,
    );
  }
});

const known = ['--delete', '--timeout=9', '--log-format=%i', '--max-size=9k', '--usermap=\\*:x', '--no-W', '-B700'];
/** What takes a value, names another place, or runs something; and what no client writes there. */
const unknown = [
  ...['--daemon', '--config=x', '--rsh=x', '--rsync-path=x', '--log-file=x', '--files-from=x', '--files-from=-'],
  ...['--temp-dir=x', '--partial-dir=x', '--backup-dir=x', '--copy-dest=x', '--compare-dest=x', '--link-dest=x'],
  ...['--sender', '--server', '--write-devices', '--copy-devices', '--only-write-batch=x', '--read-batch=x'],
  ...['--remote-option=x', '--filter=x', '--exclude-from=x', '--temp-dir', '--log-file', '--suffix', '--timeout'],
  ...[
    '-M',
    '-T',
    '-B',
    '-f',
    '-@',
    '-s',
    '-e',
    '-e.M',
    '-@9',
    '-v',
    'x',
    '--log-format=%f',
    '--dparam=x',
    '--old-args',
  ],
];

test('whatever stands beside it, an option that no client sends makes rsync an ordinary command', () => {
  const some = fc.array(fc.constantFrom(...known), { maxLength: 4 });
  const property = fc.property(fc.boolean(), some, fc.constantFrom(...unknown), some, (sender, before, odd, after) => {
    const line = (...words: string[]): string =>
      ['rsync --server', ...(sender ? ['--sender'] : []), '-logDtpre.iLsfxCIvu', ...words, '. x'].join(' ');
    expect(named(line(...before, ...after))).toBe(sender ? 'rsync download' : 'rsync upload');
    expect(named(line(...before, odd, ...after))).toBeNull();
  });
  fc.assert(property, { numRuns: count(300, 3000) });
  for (const letter of 'BMTf@sFPaPhie0') {
    expect(named(`rsync --server -lo${letter}gr . x`)).toBeNull();
    expect(named(`rsync --server -${letter}e.LsfxCIvu --sender . x`)).toBeNull();
  }
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
  const rsyncUp = rsyncDown.replace(' --sender', '');
  expect(refused(rsyncUp, { files: 'upload' })).toBeNull();
  for (const revealing of [
    rsyncUp.replace('-l', '-nl'),
    rsyncUp.replace(' . ', ' -B1 . '),
    rsyncUp.replace(' . ', ' --block-size=1 . '),
  ]) {
    expect(refused(revealing, { files: 'upload' })).toMatch(/not read/);
    expect(refused(revealing, {})).toBeNull();
  }
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
    const start = cpuMilliseconds();
    refused(command, { files: 'none' });
    const words = commandWords(command);
    const scp = words === null ? null : scpCommand(words);
    if (scp !== null) scpPath(scp, ['y']);
    return cpuMilliseconds() - start;
  };
  // The best of some: what else the machine does at the time is not meant.
  for (const command of lines) expect(Math.min(...[1, 2, 3].map(() => judge(command)))).toBeLessThan(100);
});
