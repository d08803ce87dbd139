import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ProtocolError } from '../../../../src/domain/kernel/errors.ts';
import { backendType } from '../../../../src/proxies/postgres/codec/backend.ts';
import { backendRules } from '../../../../src/proxies/postgres/codec/backend-rules.ts';
import { MessageStream } from '../../../../src/proxies/postgres/codec/framing.ts';
import { loginRules, openRules } from '../../../../src/proxies/postgres/codec/frontend-rules.ts';
import { count } from '../../../kit/counts.ts';
import { backendPair, frontendPair, mutated } from './arbitrary.ts';
import { int32, raw, text, typed } from './bytes.ts';
import { cut, memoryOf, walk } from './streams.ts';

const small = backendRules(['errorResponse', 'readyForQuery', 'commandComplete', 'noticeResponse']);
const query = (sql: string): Buffer => typed('Q', text(sql));
const row = typed('D', raw('a row'));
const ready = typed('Z', raw('I'));
const header = (type: string, length: number): Buffer => Buffer.concat([raw(type), int32(length)]);
const keep = { message: (bytes: Buffer) => bytes, passing: () => true, forward: () => {} };
const cuts = fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 12 });

test.each([
  ['client', openRules, frontendPair.map(([bytes]) => bytes)],
  ['target', small, backendPair.map(([bytes]) => bytes)],
] as const)('however the stream of a %s is cut, the same is found and sent on', (_name, rules, messages) => {
  fc.assert(
    fc.property(fc.array(messages, { maxLength: 12 }), cuts, fc.nat(3), (all, lengths, turn) => {
      const bytes = Buffer.concat(all);
      const plain = walk(rules, [bytes]);
      expect(plain.forwarded).toBe(bytes.toString('latin1'));
      expect([...plain.messages, ...plain.passed]).toHaveLength(all.length);
      const changed = (message: Buffer): Buffer | null =>
        [message, null, Buffer.from('[instead]'), Buffer.concat([raw('[before]'), message])][
          (message.length + turn) % 4
        ] ?? null;
      const some = (_type: string, size: number): boolean => size % 2 === 0;
      const pieces = cut(bytes, lengths);
      expect(walk(rules, pieces)).toEqual(plain);
      expect(walk(rules, pieces, changed, some)).toEqual(walk(rules, [bytes], changed, some));
    }),
    { numRuns: count(300, 15_000) },
  );
});

test('cut at each place, byte by byte too, a login and a pipeline are the same', () => {
  const bytes = Buffer.concat([query('SELECT 1'), typed('d', raw('1\t2\n')), typed('c'), typed('S'), typed('X')]);
  const whole = walk(openRules, [bytes]);
  expect(whole.messages).toHaveLength(4);
  for (let at = 1; at < bytes.length; at++)
    expect(walk(openRules, [bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole);
  expect(walk(openRules, cut(bytes, [1]))).toEqual(whole);
});

test('what is replaced, dropped, held back or put in front stands where it was', () => {
  const bytes = Buffer.concat([row, typed('C', text('SELECT 1')), row, ready, row]);
  const notice = typed('N', raw('\0'));
  const walked = walk(
    small,
    [bytes],
    (message) => (message[0] === backendType.commandComplete ? null : Buffer.concat([notice, message])),
    () => true,
  );
  expect(walked.forwarded).toBe(Buffer.concat([row, row, notice, ready, row]).toString('latin1'));
  expect(
    walk(
      small,
      [bytes],
      () => null,
      () => false,
    ).forwarded,
  ).toBe('');
});

test('a chunk of whole messages is sent on as it came, and messages are views of it', () => {
  // Memory of its own: two small buffers may lie in the same one.
  const chunk = Buffer.from(Uint8Array.from(Buffer.concat([query('a'), query('b'), typed('S')])).buffer);
  const forwarded: Buffer[] = [];
  const buffers = new Set<ArrayBufferLike>();
  const stream = new MessageStream(openRules, {
    message: (bytes) => {
      buffers.add(bytes.buffer);
      return bytes;
    },
    passing: () => true,
    forward: (bytes) => forwarded.push(bytes),
  });
  stream.push(chunk);
  expect(forwarded).toHaveLength(1);
  expect(forwarded[0]).toBe(chunk);
  expect(buffers.size === 1 && buffers.has(chunk.buffer)).toBe(true);
});

test('a row of 2 GB passes without being held', () => {
  const chunk = Buffer.alloc(1024 * 1024);
  let forwarded = 0;
  const found: string[] = [];
  const stream = new MessageStream(small, {
    message: (bytes) => {
      found.push(bytes.toString('latin1'));
      return bytes;
    },
    passing: (type, size) => {
      found.push(`${type} ${size}`);
      return true;
    },
    forward: (bytes) => (forwarded += bytes.length),
  });
  const taken = memoryOf(() => {
    stream.push(header('D', 0x7fff_ffff));
    let left = 0x7fff_ffff - 4;
    while (left > 0) {
      expect(stream.atBoundary).toBe(false);
      left -= stream.push(chunk.subarray(0, left));
    }
    expect(stream.atBoundary).toBe(true);
    return stream.push(ready);
  });
  expect(forwarded).toBe(2 ** 31 + ready.length);
  expect(found).toEqual([`${backendType.dataRow} ${2 ** 31}`, ready.toString('latin1')]);
  expect(taken).toBeLessThan(1024 * 1024);
});

test('a length takes no memory: only what came does', () => {
  const streams = Array.from({ length: 50 }, () => new MessageStream(openRules, keep));
  const taken = memoryOf(() => {
    for (const stream of streams) for (const piece of cut(header('Q', 64 * 1024 * 1024 - 1), [2])) stream.push(piece);
    for (const stream of streams) stream.push(Buffer.from('SELECT'));
    return streams;
  });
  expect(taken).toBeLessThan(512 * 1024);
});

test('COPY data passes in pieces, whatever its size', () => {
  const walked = walk(openRules, cut(typed('d', Buffer.alloc(5_000_000)), [65_536]));
  expect(walked.messages).toEqual([]);
  expect(walked.passed).toEqual(['d 5000005']);
  expect(walked.forwarded).toHaveLength(5_000_005);
});

test('a message of a target that is longer than 64 KiB passes, although its type is asked for', () => {
  const long = typed('E', raw('M'), text('x'.repeat(64 * 1024)), raw('\0'));
  const walked = walk(small, cut(Buffer.concat([long, ready]), [1000]));
  expect(walked.passed).toEqual([`E ${long.length}`]);
  expect(walked.messages).toEqual([ready.toString('latin1')]);
});

const mega = 1024 * 1024;
test.each([
  ['login', 'p', loginRules, 10_000],
  ['login', 'X', loginRules, 5],
  ...'QPBFd'.split('').map((type) => ['open', type, openRules, 64 * mega] as const),
  ...'DECf'.split('').map((type) => ['open', type, openRules, 10_000] as const),
  ...'SHcX'.split('').map((type) => ['open', type, openRules, 5] as const),
  ['target', 'D', small, 2 ** 31],
  ['target', 'Z', small, 6],
  ['target', 'C', small, 1024],
  ['target', 'K', small, 265],
  ['target', 'R', small, 64 * 1024],
  ...'I123nsc'.split('').map((type) => ['target', type, small, 5] as const),
] as const)('%s, %s: so many bytes and no more', (_name, type, rules, longest) => {
  const push = (length: number): unknown => new MessageStream(rules, keep).push(header(type, length));
  expect(push(longest - 1)).toBe(5);
  if (longest < 2 ** 31) expect(() => push(longest)).toThrow(expect.objectContaining({ code: 'length', offset: 1 }));
  for (const bad of [3, 0, -1, -0x8000_0000])
    expect(() => push(bad)).toThrow(expect.objectContaining({ code: 'length', offset: 1 }));
});

test.each([
  ['before the login', loginRules, 'QPBDECSHFdcfZ'],
  ['after the login', openRules, 'pZRqT\0'],
  ['from a target', small, 'QPBFXp4\xff'],
] as const)('%s, other types are an error', (_name, rules, types) => {
  const unknown = expect.objectContaining({ code: 'unknown-type', offset: 0 });
  for (const type of types) expect(() => new MessageStream(rules, keep).push(header(type, 4))).toThrow(unknown);
});

test('the rules of the login end with the message that ends it, in the same chunk', () => {
  const found: string[] = [];
  const stream = new MessageStream(loginRules, {
    ...keep,
    message: (bytes) => {
      found.push(String.fromCharCode(bytes[0] ?? 0));
      if (found.length === 2) stream.follow(openRules);
      return bytes;
    },
  });
  stream.push(Buffer.concat([typed('p', raw('a')), typed('p', raw('b')), query('SELECT 1')]));
  expect(found).toEqual(['p', 'p', 'Q']);
  expect(() => stream.push(typed('p', raw('c')))).toThrow(ProtocolError);
});

test('who waits gets no more messages, and the rest later', () => {
  const found: string[] = [];
  const stream = new MessageStream(openRules, {
    ...keep,
    message: (bytes) => {
      found.push(bytes.toString('latin1'));
      return bytes;
    },
  });
  const [one, two] = [query('a'), query('b')];
  const chunk = Buffer.concat([one, two, two.subarray(0, 6)]);
  const wait = (): boolean => found.length === 1;
  expect(stream.push(chunk, wait)).toBe(one.length);
  expect(stream.push(chunk.subarray(one.length), wait)).toBe(0);
  expect(stream.push(chunk.subarray(one.length))).toBe(two.length + 6);
  // Also not the end of one that had begun.
  const end = two.subarray(6);
  expect(stream.push(end, () => true)).toBe(0);
  expect(found).toHaveLength(2);
  expect(stream.push(end)).toBe(end.length);
  expect(found).toHaveLength(3);
});

test('a message of our own may come between messages, and while nothing of the next one was sent on', () => {
  const stream = new MessageStream(small, { ...keep, passing: (_type, size) => size !== row.length });
  expect(stream.atBoundary).toBe(true);
  const longer = typed('D', raw('another row'));
  for (const byte of longer.subarray(0, 4)) stream.push(Buffer.of(byte));
  expect(stream.atBoundary).toBe(true);
  stream.push(longer.subarray(4, 8));
  expect(stream.atBoundary).toBe(false);
  stream.push(Buffer.concat([longer.subarray(8), ready.subarray(0, 5)]));
  expect(stream.atBoundary).toBe(true);
  stream.push(Buffer.concat([ready.subarray(5), row.subarray(0, 7)]));
  expect(stream.atBoundary).toBe(true);
});

test('what came before an error is sent on, and the error names its place in the stream', () => {
  const forwarded: Buffer[] = [];
  const stream = new MessageStream(openRules, { ...keep, forward: (bytes) => forwarded.push(bytes) });
  const good = query('SELECT 1');
  stream.push(good);
  const error = expect.objectContaining({ code: 'unknown-type', offset: 2 * good.length });
  expect(() => stream.push(Buffer.concat([good, header('?', 4)]))).toThrow(error);
  expect(Buffer.concat(forwarded)).toEqual(Buffer.concat([good, good]));
});

test('bytes that are no messages are a ProtocolError with their place', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(loginRules, openRules, small),
      fc.array(mutated(fc.oneof(frontendPair, backendPair).map(([bytes]) => bytes)), { maxLength: 5 }),
      cuts,
      (rules, messages, lengths) => {
        const bytes = Buffer.concat(messages);
        try {
          walk(rules, cut(bytes, lengths));
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
          expect((error as ProtocolError).offset).toBeLessThan(bytes.length);
          let whole: unknown;
          try {
            walk(rules, [bytes]);
          } catch (same) {
            whole = same;
          }
          expect(whole).toEqual(error);
        }
      },
    ),
    { numRuns: count(1000, 50_000) },
  );
});
