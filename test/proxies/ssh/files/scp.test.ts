import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProtocolError } from '../../../../src/domain/kernel/errors.ts';
import type { FileDirections } from '../../../../src/domain/policy/channels.ts';
import { commandWords } from '../../../../src/proxies/ssh/files/command-words.ts';
import { joined, type Noted } from '../../../../src/proxies/ssh/files/facts.ts';
import { Scp } from '../../../../src/proxies/ssh/files/scp.ts';
import { scpCommand } from '../../../../src/proxies/ssh/files/scp-command.ts';
import { count } from '../../../kit/counts.ts';
import { sha256 } from './clients.ts';

interface Played {
  readonly target: string;
  readonly client: string;
  readonly noted: Noted;
}

/** One side of a conversation: says the next thing when the other side has answered. */
type Line = readonly ['client' | 'target', string];

/** Plays a conversation in turns, each saying cut into the given lengths; gives what reached whom. */
function play(
  command: string,
  lines: readonly Line[],
  cuts: readonly number[],
  maxFileBytes: number | null = null,
): Played {
  const got = { target: '', client: '' };
  const notes: Noted[] = [];
  const wire = {
    toTarget: (bytes: Buffer) => (got.target += bytes.toString('latin1')),
    toClient: (bytes: Buffer, noted: Noted) => {
      notes.push(noted);
      got.client += bytes.toString('latin1');
    },
    behind: () => false,
    say: () => {},
  };
  const files: FileDirections = 'both';
  const scp = new Scp(wire, 0, { files, maxFileBytes }, scpCommand(commandWords(command)!)!);
  let cut = 0;
  for (const [from, text] of lines) {
    let rest = Buffer.from(text, 'latin1');
    while (rest.length > 0) {
      const piece = rest.subarray(0, cuts.length === 0 ? rest.length : cuts[cut++ % cuts.length]);
      rest = rest.subarray(piece.length);
      if (from === 'target') scp.fromTarget(piece);
      else expect(scp.fromClient(piece)).toBe(piece.length);
    }
  }
  return { ...got, noted: joined([...notes, scp.end()]) };
}

const upload: Line[] = [
  ['target', '\0'],
  ['client', 'T1 0 1 0\n'],
  ['target', '\0'],
  ['client', 'D0755 0 sub\n'],
  ['target', '\0'],
  ['client', 'C0644 5 a b\n'],
  ['target', '\0'],
  ['client', 'he\nlo\0'],
  ['target', '\0'],
  ['client', 'C0644 0 e\x1b[31m\n'],
  ['target', '\0'],
  ['client', '\0'],
  ['target', '\0'],
  ['client', 'E\n'],
  ['target', '\0'],
];

test('a conversation passes byte for byte, cut anywhere, and says what was carried', () => {
  const whole = { channel: 0, protocol: 'scp', direction: 'upload', outcome: 'whole', why: null, from: 0 };
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 9 }), (cuts) => {
      const { target, client, noted } = play('scp -r -d -t d', upload, cuts);
      expect(target).toBe(upload.flatMap(([from, text]) => (from === 'client' ? [text] : [])).join(''));
      expect(client).toBe('\0'.repeat(8));
      expect(noted.facts.map(({ data }) => data)).toEqual([
        { channel: 0, operation: 'mkdir', path: 'd/sub', newPath: null, detail: 'made, or there already' },
        { ...whole, path: 'd/sub/a b', bytes: 5, sha256: sha256(Buffer.from('he\nlo')) },
        { ...whole, path: 'd/sub/e\\u{1b}[31m', bytes: 0, sha256: sha256(Buffer.alloc(0)) },
      ]);
    }),
    { numRuns: count(100, 5000) },
  );
});

test('errors of either side pass, and a transfer that they spoil is partial', () => {
  const refusedByTarget = play(
    'scp -t d',
    [...upload.slice(0, 1), ['client', 'C0644 5 a\n'], ['target', '\x01scp: no\n']],
    [],
  );
  expect(refusedByTarget.client).toBe('\0\x01scp: no\n');
  expect(refusedByTarget.noted.facts).toEqual([]);
  const fullDisk = play('scp -t d', [...upload.slice(0, 1), ...upload.slice(5, 8), ['target', '\x01scp: full\n']], []);
  expect(fullDisk.noted.facts[0]?.data).toMatchObject({
    outcome: 'partial',
    why: 'the target could not store all of it',
  });
  const unread = [
    ...upload.slice(0, 1),
    ...upload.slice(5, 7),
    ['client', 'he\nlo\x01scp: read\n'] as Line,
    upload[8]!,
  ];
  expect(play('scp -t d', unread, [3]).noted.facts[0]?.data).toMatchObject({ outcome: 'partial', sha256: null });
  const broken = play('scp -t d', [...upload.slice(0, 1), ...upload.slice(5, 7), ['client', 'he']], []);
  expect(broken.noted.facts[0]?.data).toMatchObject({
    outcome: 'partial',
    bytes: 2,
    sha256: sha256(Buffer.from('he')),
  });
});

test('a file that is too long stays out, both ways, and the next one passes', () => {
  const up = play('scp -d -t d', [['target', '\0'], ['client', 'C0644 6 long\n'], ...upload.slice(5, 9)], [4], 5);
  expect(up.client).toMatch(/^\0\x01sallyport: files longer than 5 bytes .*\n\0\0$/);
  expect(up.target).toBe('C0644 5 a b\nhe\nlo\0');
  expect(up.noted.facts.map(({ type }) => type)).toEqual(['FileRefused', 'FileTransferred']);
  const down = play(
    'scp -f d/*',
    [
      ['client', '\0'],
      ['target', 'C0644 6 long\n'],
      ['target', 'C0644 1 s\n'],
      ['client', '\0'],
      ['target', 'x\0'],
      ['client', '\0'],
    ],
    [],
    5,
  );
  expect(down.target).toMatch(/^\0\x01sallyport: files longer.*\n\0\0$/);
  expect(down.client).toMatch(/^\x01sallyport: files longer.*\nC0644 1 s\nx\0$/);
});

test('what is no scp ends the channel before any of it has passed', () => {
  const bad: Line[][] = [
    [
      ['client', '\0'],
      ['target', 'Welcome to web-1\n'],
    ],
    [
      ['client', '\0'],
      ['target', 'C0644 -5 a\n'],
    ],
    [
      ['client', '\0'],
      ['target', 'C0644 99999999999999999999 a\n'],
    ],
    [
      ['client', '\0'],
      ['target', 'Cabc\n'],
    ],
    [
      ['client', '\0'],
      ['target', `C0644 5 ${'a'.repeat(9000)}`],
    ],
    [
      ['client', '\0'],
      ['target', 'C0644 1 a\n'],
      ['client', 'yes'],
    ],
    [
      ['client', '\0'],
      ['target', 'C0644 1 a\n'],
      ['target', 'x'],
    ],
    [
      ['client', '\0'],
      ['target', 'C0644 1 a\n'],
      ['client', '\0'],
      ['target', 'xx'],
    ],
  ];
  for (const lines of bad) expect(() => play('scp -f d', lines, [])).toThrow(ProtocolError);
});

test('a client that does not wait for its turn waits until it has it', () => {
  const wire = { toTarget: () => {}, toClient: () => {}, behind: () => false, say: () => {} };
  const scp = new Scp(wire, 0, { files: 'both', maxFileBytes: null }, scpCommand(commandWords('scp -t d')!)!);
  const all = Buffer.from('C0644 1 a\nx\0');
  expect(scp.fromClient(all)).toBe(0);
  scp.fromTarget(Buffer.of(0));
  expect(scp.fromClient(all)).toBe(10);
  expect(scp.fromClient(all.subarray(10))).toBe(0);
});

test('random bytes from either side throw nothing but ProtocolError', () => {
  const side = fc.constantFrom<'client' | 'target'>('client', 'target');
  const text = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom('\0', 'C0644 3 a\n', 'D0755 0 d\n', 'E\n', '\x01x\n'),
  );
  fc.assert(
    fc.property(fc.constantFrom('-t', '-f'), fc.array(fc.tuple(side, text), { maxLength: 20 }), (flag, lines) => {
      const wire = { toTarget: () => {}, toClient: () => {}, behind: () => false, say: () => {} };
      const scp = new Scp(wire, 0, { files: 'both', maxFileBytes: null }, scpCommand(commandWords(`scp ${flag} d`)!)!);
      try {
        for (const [from, bytes] of lines) {
          if (from === 'client') scp.fromClient(Buffer.from(bytes));
          else scp.fromTarget(Buffer.from(bytes));
        }
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError);
      }
    }),
    { numRuns: count(500, 50_000) },
  );
});
