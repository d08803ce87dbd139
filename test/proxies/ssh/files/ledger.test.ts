import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProtocolError } from '../../../../src/domain/kernel/errors.ts';
import { ReorderBudget } from '../../../../src/proxies/ssh/files/ordered-hash.ts';
import { Sftp } from '../../../../src/proxies/ssh/files/sftp.ts';
import { count } from '../../../kit/counts.ts';
import { bytes, channel, flag, put } from './channel.ts';
import { sha256 } from './clients.ts';
import { sftp } from './packets.ts';

interface Part {
  readonly from: number;
  readonly to: number;
}

/** A file cut into parts, in some order. */
const parts = fc
  .tuple(fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 12 }), fc.nat())
  .chain(([cuts, _seed]) => {
    const ends = [...cuts].sort((one, two) => one - two).concat(bytes.length);
    const list: Part[] = ends.map((to, index) => ({ from: ends[index - 1] ?? 0, to }));
    return fc.shuffledSubarray(list, { minLength: list.length });
  });

const whole = { outcome: 'whole', why: null, from: 0, bytes: bytes.length, sha256: sha256(bytes) };

test('writes in any order, answered in any order, give the hash of the file', () => {
  fc.assert(
    fc.property(parts, parts, (order, answers) => {
      const it = channel();
      it.open(put);
      order.forEach(({ from, to }, index) => it.client(sftp.write(10 + index, 'h', from, bytes.subarray(from, to))));
      const ids = [...order.keys()].sort((one, two) => (answers[one]?.from ?? one) - (answers[two]?.from ?? two));
      for (const index of ids) it.target(sftp.status(10 + index, 0));
      expect(it.close()).toMatchObject({ direction: 'upload', ...whole });
    }),
    { numRuns: count(100, 5000) },
  );
});

test('reads answered in any order give the hash of the file', () => {
  fc.assert(
    fc.property(parts, (order) => {
      const it = channel();
      it.open(flag.read);
      order.forEach(({ from, to }, index) => it.client(sftp.read(10 + index, 'h', from, to - from)));
      it.client(sftp.read(9, 'h', bytes.length, 100));
      const answers = [...order.entries()].sort(([, one], [, two]) => one.to - one.from - (two.to - two.from));
      for (const [index, { from, to }] of answers) it.target(sftp.data(10 + index, bytes.subarray(from, to)));
      it.target(sftp.status(9, 1));
      expect(it.close()).toMatchObject({ direction: 'download', ...whole });
    }),
    { numRuns: count(100, 5000) },
  );
});

/** Writes these parts with an OK for each; gives the transfer. */
function written(flags: number, list: readonly Part[], more: (it: ReturnType<typeof channel>) => void = () => {}) {
  const it = channel();
  it.open(flags);
  list.forEach(({ from, to }, index) => {
    it.client(sftp.write(10 + index, 'h', from, bytes.subarray(from, to)));
    it.target(sftp.status(10 + index, 0));
  });
  more(it);
  return it.close();
}

test('what is not the whole file is partial, and says why', () => {
  const all = { from: 0, to: 100 };
  const part = { outcome: 'partial' };
  expect(written(put, [all])).toMatchObject({ outcome: 'whole', bytes: 100 });
  expect(written(put, [all, all])).toMatchObject({ ...part, why: 'parts passed more than once', sha256: null });
  expect(written(put, [all, { from: 50, to: 150 }])).toMatchObject({ ...part, why: 'parts passed more than once' });
  expect(written(put, [{ from: 200, to: 300 }, { from: 250, to: 260 }, all])).toMatchObject({ ...part, sha256: null });
  expect(written(put, [all, { from: 200, to: 300 }])).toMatchObject({ ...part, why: 'parts in between are missing' });
  const resumed = { ...part, why: 'it began at byte 100', sha256: sha256(bytes.subarray(100, 300)) };
  expect(
    written(flag.write, [
      { from: 100, to: 200 },
      { from: 200, to: 300 },
    ]),
  ).toMatchObject({ ...resumed, from: 100 });
  expect(written(flag.write | flag.create, [all])).toMatchObject({ ...part, why: 'it was not emptied first' });
  expect(written(flag.write | flag.append, [all])).toMatchObject({ ...part, why: 'it was appended to what was there' });
  const status = (packet: Buffer, code: number) => (it: ReturnType<typeof channel>) => {
    it.client(packet);
    it.target(sftp.status(5, code));
  };
  const cutTo = (size: number, code = 0) => status(sftp.fsetstatSize(5, 'h', size), code);
  expect(written(flag.write, [all], cutTo(100))).toMatchObject({ outcome: 'whole' });
  expect(written(flag.write, [all], status(sftp.setstatSize(5, 'f', 100), 0))).toMatchObject({ outcome: 'whole' });
  expect(written(flag.write, [all], cutTo(100, 4))).toMatchObject({ ...part, why: 'it was not emptied first' });
  expect(written(put, [all], cutTo(10))).toMatchObject({ ...part, sha256: null });
  expect(written(put, [all], cutTo(500))).toMatchObject({ ...part, why: 'the whole file has 500 bytes' });
  const failed = (it: ReturnType<typeof channel>): void => {
    it.client(sftp.write(5, 'h', 100, bytes.subarray(100, 200)));
    it.target(sftp.status(5, 4));
  };
  expect(written(put, [all], failed)).toMatchObject({ ...part, why: 'the target refused a part of it', sha256: null });
  const unanswered = (it: ReturnType<typeof channel>): void =>
    it.client(sftp.write(5, 'h', 100, bytes.subarray(100, 200)));
  expect(written(put, [all], unanswered)).toMatchObject({
    ...part,
    why: 'it was closed before everything was answered',
  });
  const twice = (it: ReturnType<typeof channel>): void => it.open(put, 'h2');
  expect(written(put, [all], twice)).toMatchObject({ ...part, why: 'it was open more than once' });
});

test('only a file that is known to be new or emptied is whole by what was written', () => {
  const all = { from: 0, to: 4 };
  expect(written(flag.write | flag.exclusive, [all])).toMatchObject({ why: 'it was not emptied first' });
  expect(written(flag.write | flag.exclusive | flag.create, [all])).toMatchObject({ outcome: 'whole' });
  expect(written(flag.write | flag.truncate, [all])).toMatchObject({ outcome: 'whole' });
});

test('a length that is set under another name makes every other upload partial', () => {
  const other = (it: ReturnType<typeof channel>): void => it.client(sftp.setstatSize(5, 'link', 1));
  const why = 'a length was set under another name at the same time';
  expect(written(put, [{ from: 0, to: 4 }], other)).toMatchObject({ outcome: 'partial', why, sha256: null });
});

test('a download is whole at its end or at the size that a stat gave, and not before', () => {
  const read = (more: (it: ReturnType<typeof channel>) => void) => {
    const it = channel();
    it.open(flag.read);
    it.client(sftp.read(9, 'h', 0, 100));
    it.target(sftp.data(9, bytes.subarray(0, 100)));
    more(it);
    return it.close();
  };
  const stat = (type: number, path: string, size: number) => (it: ReturnType<typeof channel>) => {
    it.client(sftp.onPath(type, 8, path));
    it.target(sftp.attributesSize(8, size));
  };
  const end = (at: number) => (it: ReturnType<typeof channel>) => {
    it.client(sftp.read(8, 'h', at, 100));
    it.target(sftp.status(8, 1));
  };
  expect(read(() => {})).toMatchObject({ outcome: 'partial', why: 'it was not read to its end' });
  expect(read(end(100))).toMatchObject({ outcome: 'whole', sha256: sha256(bytes.subarray(0, 100)) });
  expect(read(end(200))).toMatchObject({ outcome: 'partial' });
  expect(read(stat(8, 'h', 100))).toMatchObject({ outcome: 'whole' });
  expect(read(stat(17, 'f', 100))).toMatchObject({ outcome: 'whole' });
  expect(read(stat(17, 'other', 100))).toMatchObject({ outcome: 'partial' });
  expect(read(stat(8, 'h', 120))).toMatchObject({ outcome: 'partial', why: 'the whole file has 120 bytes' });
  const again = (it: ReturnType<typeof channel>): void => {
    end(100)(it);
    it.client(sftp.read(7, 'h', 0, 100));
    it.target(sftp.data(7, bytes.subarray(0, 100)));
  };
  expect(read(again)).toMatchObject({ outcome: 'partial', sha256: null });
});

test('many pieces out of order cost a bounded amount, and are never guessed', () => {
  const it = channel();
  it.open(put);
  const block = Buffer.alloc(200_000, 1);
  for (let index = 20; index > 0; index -= 1) it.client(sftp.write(10 + index, 'h', index * block.length, block));
  for (let index = 20; index > 0; index -= 1) it.target(sftp.status(10 + index, 0));
  expect(it.close()).toMatchObject({ outcome: 'partial', bytes: 20 * block.length, sha256: null });
});

test('the channels of a connection share what may wait out of order, and give it back', () => {
  const budget = new ReorderBudget();
  const block = Buffer.alloc(200_000, 1);
  const swapped = (it: ReturnType<typeof channel>) => {
    it.client(sftp.write(10, 'h', block.length, block), sftp.write(11, 'h', 0, block));
    it.target(sftp.status(10, 0), sftp.status(11, 0));
    return it.close();
  };
  const first = channel({}, budget);
  first.open(put);
  for (let index = 5; index > 0; index -= 1) first.client(sftp.write(10 + index, 'h', index * block.length, block));
  const second = channel({}, budget);
  second.open(put);
  second.client(sftp.write(9, 'h', 0, block.subarray(0, 1)), sftp.write(8, 'h', block.length, block));
  second.target(sftp.status(9, 0), sftp.status(8, 0));
  expect(second.close()).toMatchObject({ why: 'the order of its parts could not be followed' });
  first.end();
  const third = channel({}, budget);
  third.open(put);
  expect(swapped(third)).toMatchObject({ outcome: 'whole' });
});

test('the end of the channel leaves what was open as partial, and what was asked as unknown', () => {
  const it = channel();
  it.open(put);
  it.client(sftp.write(5, 'h', 0, bytes.subarray(0, 10)), sftp.onPath(13, 6, 'gone'));
  const facts = it.end();
  expect(facts.map(({ type }) => type)).toEqual(['FileTransferred']);
  expect(facts[0]?.data).toMatchObject({ outcome: 'partial', why: 'the connection ended before it was closed' });
});

const forbidden = (code: number) => (answer: Buffer) => answer.readUInt32BE(9) === code;

test.each([
  ['download', 'upload f direction', sftp.open(1, 'f', put)],
  ['download', 'upload f direction', sftp.open(1, 'f', flag.read | flag.write)],
  ['download', 'upload f direction', sftp.open(1, 'f', flag.read | flag.create)],
  ['download', 'remove f direction', sftp.onPath(13, 1, 'f')],
  ['download', 'rmdir f direction', sftp.onPath(15, 1, 'f')],
  ['download', 'mkdir f direction', sftp.mkdir(1, 'f')],
  ['download', 'rename f direction', sftp.twoPaths(18, 1, 'f', 'g')],
  ['download', 'symlink f direction', sftp.twoPaths(20, 1, 'f', 'g')],
  ['download', 'setstat f direction', sftp.setstatSize(1, 'f', 1)],
  ['download', 'rename f direction', sftp.extended(1, 'posix-rename@openssh.com', 'f', 'g')],
  ['download', 'hardlink f direction', sftp.extended(1, 'hardlink@openssh.com', 'f', 'g')],
  ['upload', 'download f direction', sftp.open(1, 'f', flag.read)],
  ['upload', 'download f direction', sftp.open(1, 'f', 0)],
  ['upload', 'download f direction', sftp.open(1, 'f', flag.read | flag.write)],
  ['both', 'other copy-data not-supported', sftp.extended(1, 'copy-data', 'h')],
  ['both', 'other check-file not-supported', sftp.extended(1, 'check-file', 'h')],
] as const)('%s: %s is answered here and goes no further', (files, fact, request) => {
  const it = channel({ files });
  it.client(request);
  expect(it.sent.target.length).toBe(0);
  expect(it.sent.client).toSatisfy(forbidden(files === 'both' ? 8 : 3));
  const [refused] = it.facts();
  expect(refused).toMatchObject({ type: 'FileRefused' });
  const { operation, path, reason } = refused!.data as { operation: string; path: string; reason: string };
  expect(`${operation} ${path} ${reason}`).toBe(fact);
  expect(it.said).toHaveLength(1);
});

test('a longest file holds for writes, reads, sizes and appending; refused parts reach nobody', () => {
  const it = channel({ maxFileBytes: 100 });
  it.open(put);
  it.client(sftp.write(3, 'h', 0, bytes.subarray(0, 100)));
  it.target(sftp.status(3, 0));
  const before = it.sent.target.length;
  it.client(sftp.write(4, 'h', 100, bytes.subarray(0, 1)), sftp.write(5, 'h', 100, bytes.subarray(0, 1)));
  it.client(sftp.setstatSize(6, 'f', 101), sftp.open(7, 'f', flag.write | flag.append));
  expect(it.sent.target.length).toBe(before);
  expect(it.close()).toMatchObject({ outcome: 'partial', why: 'it is longer than this access allows', bytes: 100 });
  expect(it.facts().filter(({ type }) => type === 'FileRefused')).toHaveLength(3);

  const down = channel({ maxFileBytes: 100 });
  down.open(flag.read);
  down.client(sftp.read(3, 'h', 0, 500), sftp.read(4, 'h', 100, 500));
  const secret = Buffer.alloc(101, 'S');
  down.target(sftp.data(3, secret), sftp.status(4, 1));
  expect(down.sent.client.includes('SSS')).toBe(false);
  expect(down.close()).toMatchObject({ outcome: 'partial', why: 'it is longer than this access allows', bytes: 0 });
  const fits = channel({ maxFileBytes: 100 });
  fits.open(flag.read);
  fits.client(sftp.read(3, 'h', 0, 500), sftp.read(4, 'h', 100, 500));
  fits.target(sftp.data(3, bytes.subarray(0, 100)), sftp.status(4, 1));
  expect(fits.close()).toMatchObject({ outcome: 'whole', bytes: 100 });
});

test.each([null, 100])('a length beyond what can be counted is set nowhere (longest file: %s)', (maxFileBytes) => {
  const it = channel({ maxFileBytes });
  it.open(put);
  const before = it.sent.target.length;
  it.client(sftp.setstatSize(6, 'f', 2n ** 53n), sftp.fsetstatSize(7, 'h', 2n ** 64n - 1n));
  expect(it.sent.target.length).toBe(before);
  expect(it.facts().filter(({ type }) => type === 'FileRefused')).toHaveLength(maxFileBytes === null ? 0 : 2);
});

test('of refusals without end few are events for each operation, and all are records', () => {
  const it = channel({ files: 'download' });
  for (let id = 0; id < 100; id += 1) it.client(sftp.onPath(13, id, `f${id}`), sftp.mkdir(id, `d${id}`));
  const of = (operation: string) =>
    it.facts().flatMap(({ data }) => ('operation' in data && data.operation === operation ? [data.path] : []));
  for (const operation of ['remove', 'mkdir']) {
    expect(of(operation)).toHaveLength(17);
    expect(of(operation).at(-1)).toBe('more than 16 refusals of this kind: no further ones are listed');
  }
  expect(it.records()).toHaveLength(200);
});

test('handles that are not open for it lead nowhere, guessed ones neither', () => {
  const it = channel();
  it.client(sftp.open(1, 'f', flag.read), sftp.write(3, 'h', 0, bytes), sftp.read(4, 'h', 0, 9), sftp.close(5, 'h'));
  it.target(sftp.handle(1, 'h'));
  const before = it.sent.target.length;
  it.client(sftp.write(6, 'h', 0, bytes), sftp.fsetstatSize(7, 'x', 0), sftp.onPath(12, 8, 'h'));
  expect(it.sent.target.length).toBe(before);
});

test('a client does not learn of extensions that are not understood', () => {
  const it = channel();
  expect(it.sent.client.length).toBe(0);
  const fresh = new Sftp(
    { toTarget: () => {}, toClient: (part) => (seen += part.toString()), behind: () => false, say: () => {} },
    0,
    {
      files: 'both',
      maxFileBytes: null,
    },
    new ReorderBudget(),
  );
  let seen = '';
  fresh.fromClient(sftp.init());
  fresh.fromTarget(sftp.version('posix-rename@openssh.com', 'copy-data', 'vendor-id'));
  expect(seen).toContain('posix-rename@openssh.com');
  expect(seen).not.toMatch(/copy-data|vendor-id/);
});

test('answers of ours wait for the end of the packet that is passing', () => {
  const it = channel({ files: 'download' });
  it.open(flag.read);
  it.client(sftp.read(3, 'h', 0, 5000));
  it.sent.client = Buffer.alloc(0);
  const answer = sftp.data(3, bytes.subarray(0, 5000));
  it.target(answer.subarray(0, 700));
  it.client(sftp.onPath(13, 4, 'f'));
  it.target(answer.subarray(700));
  expect(it.sent.client.subarray(0, answer.length).equals(answer)).toBe(true);
  expect(it.sent.client.readUInt32BE(answer.length + 5)).toBe(4);
});

test('what the target answers to nothing, or in another way than asked, ends the channel', () => {
  const bad: ((it: ReturnType<typeof channel>) => void)[] = [
    (it) => it.target(sftp.status(99, 0)),
    (it) => it.target(sftp.data(99, bytes)),
    (it) => it.client(sftp.onPath(17, 5, 'a'), sftp.onPath(17, 5, 'b')),
    (it) => {
      it.client(sftp.onPath(17, 5, 'a'));
      it.target(sftp.handle(5, 'h'));
    },
    (it) => {
      it.open(flag.read);
      it.client(sftp.read(5, 'h', 0, 10));
      it.target(sftp.data(5, bytes.subarray(0, 11)));
    },
    (it) => {
      it.open(flag.read);
      it.open(flag.read);
    },
    (it) => it.client(sftp.init()),
  ];
  for (const wrong of bad) expect(() => wrong(channel())).toThrow(ProtocolError);
});

test('names are visible and unambiguous in events, and no secret in a name stops the log', () => {
  const it = channel();
  const names = ['a\nb', 'a\\u{a}b', '\x1b[31m', 'caf\xc3\xa9', 'caf\xe9', `spt_${'x'.repeat(40)}`, '../../etc/passwd'];
  names.forEach((name, index) => {
    it.client(sftp.onPath(13, 10 + index, name));
    it.target(sftp.status(10 + index, 0));
  });
  expect(it.facts().map(({ data }) => data.path)).toEqual([
    ...['a\\u{a}b', 'a\\\\u{a}b', '\\u{1b}[31m', 'café', 'caf\\xe9', '(hidden)', '../../etc/passwd'],
  ]);
});

test('requests without an answer are bounded: then nothing more is taken', () => {
  const protocol = new Sftp(
    { toTarget: () => {}, toClient: () => {}, behind: () => false, say: () => {} },
    0,
    {
      files: 'both',
      maxFileBytes: null,
    },
    new ReorderBudget(),
  );
  protocol.fromClient(sftp.init());
  for (let id = 0; id < 1023; id += 1) protocol.fromClient(sftp.onPath(17, id, 'a'));
  expect(protocol.full).toBe(false);
  protocol.fromClient(sftp.onPath(17, 1023, 'a'));
  expect(protocol.full).toBe(true);
  protocol.fromTarget(sftp.status(0, 0));
  expect(protocol.full).toBe(false);
});
