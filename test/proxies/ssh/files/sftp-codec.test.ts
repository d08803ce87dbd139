import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProtocolError } from '../../../../src/domain/kernel/errors.ts';
import { Splitter } from '../../../../src/proxies/ssh/files/sftp-packets.ts';
import { decodeReply, encodeStatus, encodeVersion } from '../../../../src/proxies/ssh/files/sftp-replies.ts';
import { decodeRequest, decodeWriteHead } from '../../../../src/proxies/ssh/files/sftp-requests.ts';
import { count } from '../../../kit/counts.ts';
import { packet, sftp, uint64 } from './packets.ts';

type Found = readonly ['packet' | 'bulk' | 'contents', string];

/** What a splitter finds in a stream that comes in these pieces; contents joined again. */
function split(from: 'client' | 'target', pieces: readonly Uint8Array[]): Found[] {
  const found: Found[] = [];
  let contents = '';
  const splitter = new Splitter(from, {
    packet: (framed) => found.push(['packet', framed.toString('latin1')]),
    bulk: (head, length) => found.push(['bulk', `${head.toString('latin1')} ${length}`]),
    contents: (piece, last) => {
      contents += piece.toString('latin1');
      if (!last) return;
      found.push(['contents', contents]);
      contents = '';
    },
  });
  for (const piece of pieces) splitter.push(Buffer.from(piece));
  return found;
}

function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? bytes.length;
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

const id = fc.nat();
const text = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const handle = fc.uint8Array({ maxLength: 256 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const offset = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const data = fc.uint8Array({ maxLength: 9000 });
const request = fc.oneof(
  fc.tuple(id, text, fc.nat()).map(([...args]) => sftp.open(...args)),
  fc.tuple(id, handle).map(([...args]) => sftp.close(...args)),
  fc.tuple(id, handle, offset, fc.nat()).map(([...args]) => sftp.read(...args)),
  fc.tuple(id, handle, offset, data).map(([...args]) => sftp.write(...args)),
  fc.tuple(id, text, text).map(([number, one, two]) => sftp.twoPaths(18, number, one, two)),
);
const reply = fc.oneof(
  fc.tuple(id, data).map(([...args]) => sftp.data(...args)),
  fc.tuple(id, fc.nat()).map(([...args]) => sftp.status(...args)),
  fc.tuple(id, fc.array(text, { maxLength: 9 })).map(([number, names]) => sftp.name(number, ...names)),
);
const cuts = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 12 });

test.each([
  ['client', request],
  ['target', reply],
] as const)('a stream of the %s cut anywhere gives the same packets, and every byte of it', (from, packets) => {
  fc.assert(
    fc.property(fc.array(packets, { maxLength: 12 }), cuts, (list, lengths) => {
      const stream = Buffer.concat(list);
      const whole = split(from, [stream]);
      expect(split(from, cut(stream, lengths))).toEqual(whole);
      const passed = whole.map(([what, bytes]) => (what === 'bulk' ? bytes.replace(/ \d+$/, '') : bytes)).join('');
      expect(passed).toBe(stream.toString('latin1'));
    }),
    { numRuns: count(200, 20_000) },
  );
});

test('random bytes throw nothing but ProtocolError', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    // Likely lengths and types, and then anything.
    fc
      .tuple(
        fc.nat(60),
        fc.constantFrom(1, 2, 3, 5, 6, 9, 14, 101, 102, 103, 104, 105, 200, 201),
        fc.uint8Array({ maxLength: 60 }),
      )
      .map(([length, type, rest]) => Buffer.from([0, 0, 0, length, type, ...rest])),
  );
  fc.assert(
    fc.property(
      fc.constantFrom('client' as const, 'target' as const),
      fc.array(bytes, { maxLength: 4 }),
      (from, pieces) => {
        const splitter = new Splitter(from, {
          packet: (framed) => (from === 'client' ? decodeRequest(framed) : decodeReply(framed)),
          bulk: (head) => (from === 'client' ? decodeWriteHead(head) : head),
          contents: () => {},
        });
        try {
          for (const piece of pieces) splitter.push(Buffer.from(piece));
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      },
    ),
    { numRuns: count(3000, 300_000) },
  );
});

test('requests are read as they were written', () => {
  const none = { size: null, owner: null, permissions: null, times: null };
  fc.assert(
    fc.property(id, text, text, offset, (number, one, two, place) => {
      const read = (bytes: Buffer): unknown => decodeRequest(bytes);
      expect(read(sftp.open(number, one, 26))).toEqual({ type: 'open', id: number, path: one, flags: 26 });
      expect(read(sftp.read(number, one, place, 7))).toEqual({
        type: 'read',
        id: number,
        handle: one,
        offset: place,
        length: 7,
      });
      const size = { ...none, size: place };
      expect(read(sftp.fsetstatSize(number, one, place))).toEqual({
        type: 'fsetstat',
        id: number,
        handle: one,
        attributes: size,
      });
      const attributes = { size: 5, owner: [1, 2], permissions: 0o644, times: [3, 4] };
      const set = packet(9, number, Buffer.from(one, 'latin1'), 0x8000_000f, uint64(5), 1, 2, 0o644, 3, 4, 1, 'a', 'b');
      expect(read(set)).toEqual({ type: 'setstat', id: number, path: one, attributes });
      const paths = { id: number, path: one, newPath: two };
      const [a, b] = [Buffer.from(one, 'latin1'), Buffer.from(two, 'latin1')];
      expect(read(sftp.twoPaths(18, number, one, two))).toEqual({ type: 'rename', ...paths });
      expect(read(sftp.twoPaths(20, number, one, two))).toEqual({ type: 'symlink', ...paths });
      expect(read(sftp.extended(number, 'posix-rename@openssh.com', a, b))).toEqual({ type: 'rename', ...paths });
      expect(read(sftp.extended(number, 'hardlink@openssh.com', a, b))).toEqual({ type: 'hardlink', ...paths });
      expect(read(sftp.extended(number, 'copy-data', a))).toEqual({ type: 'unknown', id: number, name: 'copy-data' });
    }),
    { numRuns: count(100, 5000) },
  );
});

test('offsets and sizes that no number holds are known as such', () => {
  const huge = { raw: Buffer.from('ffffffffffffffff', 'hex') };
  expect(decodeRequest(packet(5, 1, 'h', huge, 9))).toMatchObject({ offset: null });
  expect(decodeReply(packet(105, 1, 1, huge))).toMatchObject({ attributes: { size: Infinity } });
});

test('lengths that are too long or contradict each other end the channel, and take no memory', () => {
  const bad = ['00000000', '7fffffff05', '0000900003', '0000000906000000010000000100', '0000001067000000010000000f'];
  for (const hex of bad.slice(0, 4)) {
    const bytes = Buffer.from(hex.padEnd(200, '0'), 'hex');
    expect(() => split('client', [bytes])).toThrow(ProtocolError);
    expect(() => split('client', cut(bytes, [1]))).toThrow(ProtocolError);
  }
  expect(() => split('target', [Buffer.from(bad[4]!, 'hex')])).toThrow(ProtocolError);
  const longHandle = sftp.write(1, 'h'.repeat(257), 0, Buffer.alloc(1));
  expect(() => split('client', [longHandle])).toThrow(ProtocolError);
  expect(() => decodeReply(sftp.handle(1, 'h'.repeat(257)))).toThrow(ProtocolError);
});

test('what is written here is read here', () => {
  expect(decodeReply(encodeStatus(7, 3, 'no'))).toEqual({ type: 'status', id: 7, code: 3 });
  const extensions = [['limits@openssh.com', Buffer.from('1')]] as const;
  expect(decodeReply(encodeVersion(3, extensions))).toEqual({ type: 'version', version: 3, extensions });
});
