import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  encodeFileHeader,
  encodeRecordHeader,
  encodeSeal,
  frameMagic,
  isHeaderOf,
} from '../../../src/adapters/recordings/container.ts';
import { frameSealer, openFrame } from '../../../src/adapters/recordings/frames.ts';
import type { RecordKind } from '../../../src/application/ports/recordings.ts';
import { count, deep } from '../../kit/counts.ts';
import { someKey, startedAt } from './recording-kit.ts';

const uuid = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
const header = encodeFileHeader(uuid, startedAt);
const kinds: readonly RecordKind[] = [
  'output',
  'input',
  'resize',
  'statement',
  'file',
  'frame',
  'gap',
  'channel',
  'hidden',
  'stderr',
];
const entries = fc.record({
  kind: fc.constantFrom(...kinds),
  at: fc.nat(2 ** 40),
  channel: fc.nat(2 ** 32 - 1),
  data: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
});
const numbers = fc.nat(2 ** 46);
type Entry = typeof entries extends fc.Arbitrary<infer E> ? E : never;

const sealed = (number: number, entry: Entry): Buffer =>
  Buffer.concat(frameSealer(someKey, header).seal(frameMagic.record, number, [encodeRecordHeader(entry), entry.data]));

const slow = deep ? 300_000 : 30_000;

test('what is sealed opens as it was, also with more bytes behind it', () => {
  fc.assert(
    fc.property(numbers, entries, fc.uint8Array({ maxLength: 50 }), (number, entry, behind) => {
      const frame = sealed(number, entry);
      expect(openFrame(someKey, header, Buffer.concat([frame, behind]))).toEqual({
        kind: 'record',
        number,
        entry,
        size: frame.length,
      });
    }),
    { numRuns: count(300, 20_000) },
  );
});

test('a seal opens as it was', () => {
  const seal = {
    chunk: 7,
    last: true,
    offset: 2 ** 40,
    bytes: 1_234_567,
    fromMilliseconds: 5,
    toMilliseconds: 2 ** 41,
    firstRecord: 2 ** 33,
    records: 12,
    previous: Buffer.alloc(32, 8),
  };
  const pieces = frameSealer(someKey, header).seal(frameMagic.seal, 7, [encodeSeal(seal)]);
  expect(openFrame(someKey, header, Buffer.concat(pieces))).toEqual({ kind: 'seal', seal, size: 112 });
});

test(
  'a cut frame is short, a changed one damaged, and no bytes at all make it throw',
  () => {
    fc.assert(
      fc.property(numbers, entries, fc.nat(), fc.integer({ min: 1, max: 255 }), (number, entry, where, change) => {
        const frame = sealed(number, entry);
        expect(openFrame(someKey, header, frame.subarray(0, where % frame.length)).kind).toBe('short');
        const bad = Buffer.from(frame);
        const at = where % frame.length;
        bad[at] = bad[at]! ^ change;
        expect(['short', 'damaged']).toContain(openFrame(someKey, header, bad).kind);
        expect(openFrame(someKey, encodeFileHeader(uuid, '2026-01-02T03:04:05.679Z'), frame).kind).toBe('damaged');
      }),
      { numRuns: count(300, 20_000) },
    );
    fc.assert(
      fc.property(
        fc.constantFrom('', 'SPRD', 'SPRS', 'SPRD\0\0\0\0'),
        fc.uint8Array({ maxLength: 200 }),
        (magic, bytes) => {
          const result = openFrame(someKey, header, Buffer.concat([Buffer.from(magic, 'latin1'), bytes]));
          expect(['short', 'damaged']).toContain(result.kind);
        },
      ),
      { numRuns: count(500, 100_000) },
    );
  },
  slow,
);

test('a header is of its session only', () => {
  expect(isHeaderOf(uuid, header)).toBe(true);
  expect(isHeaderOf('6f9619ff-8b86-4d01-b42d-00cf4fc964fe', header)).toBe(false);
  expect(isHeaderOf(uuid, header.subarray(0, 31))).toBe(false);
});
