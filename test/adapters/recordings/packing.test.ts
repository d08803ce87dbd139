import { statSync } from 'node:fs';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { encodeFileHeader, encodeRecordHeader, frameMagic } from '../../../src/adapters/recordings/container.ts';
import { frameSealer, openFrame } from '../../../src/adapters/recordings/frames.ts';
import { Packer, unpack } from '../../../src/adapters/recordings/packing.ts';
import { all, begin, output, seeded, someKey, startedAt } from './recording-kit.ts';

const line = (number: number): string => `${String(number)} the quick brown fox jumps over the lazy dog\r\n`;
const text = Buffer.from(Array.from({ length: 10_000 }, (_, each) => line(each)).join(''));

test('what repeats itself takes less space in the file and is read as it was, in one piece or several', async () => {
  const { writer, reader, path, chunks } = await begin();
  const pieces = [text.subarray(0, 1), text.subarray(1, 70_000), text.subarray(70_000)];
  await writer.write(output(1, text));
  await writer.write({ kind: 'output', at: 2, channel: 0, data: pieces });
  await writer.write(output(3, Buffer.alloc(3_000_000)));
  await writer.close();
  expect(statSync(path).size).toBeLessThan(text.length / 2);
  const found = await all((await reader()).read({}));
  expect(found.slice(0, 2).map((each) => text.equals(each.data))).toEqual([true, true]);
  expect(Buffer.concat(found.slice(2).map((each) => each.data)).equals(Buffer.alloc(3_000_000))).toBe(true);
  expect(await (await reader()).verify(chunks)).toBeNull();
});

test('short data stays as it is, and so does what would not get smaller, with no try for a while after it', () => {
  const packer = new Packer();
  expect(packer.pack([Buffer.alloc(16 * 1024 - 1)])).toBeUndefined();
  expect(unpack(packer.pack([text.subarray(0, 20_000)])!)).toEqual(text.subarray(0, 20_000));
  expect(packer.pack([seeded(300_000, 1)])).toBeUndefined();
  const tries = Array.from({ length: 16 }, () => packer.pack([text]) !== undefined);
  expect(tries).toEqual([...Array<boolean>(15).fill(false), true]);
});

test('packed data that is none, or holds more than a record may, is damage and not memory', () => {
  const header = encodeFileHeader('6f9619ff-8b86-4d01-b42d-00cf4fc964ff', startedAt);
  const frameOf = (data: Buffer): Buffer =>
    Buffer.concat(
      frameSealer(someKey, header).seal(frameMagic.record, 0, [encodeRecordHeader(output(0, ''), true), data]),
    );
  expect(openFrame(someKey, header, frameOf(zstdCompressSync(Buffer.alloc(1 << 20)))).kind).toBe('record');
  expect(openFrame(someKey, header, frameOf(zstdCompressSync(Buffer.alloc((1 << 20) + 1)))).kind).toBe('damaged');
  expect(openFrame(someKey, header, frameOf(Buffer.from('no zstd'))).kind).toBe('damaged');
});
