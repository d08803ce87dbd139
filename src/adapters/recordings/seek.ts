import type { KeyObject } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { ChunkPlace, WalkStart } from '../../application/ports/recordings.ts';
import { type ChunkSeal, fileHeaderBytes, frameMagic, maxChunkBytes, sealFrameBytes } from './container.ts';
import { openFrame } from './frames.ts';

const searchBytes = 1 << 20;

/** Where to begin reading, and the number of the record that comes there. */
export interface StartPlace {
  readonly offset: number;
  readonly record: number;
}

export const fromTheStart: StartPlace = { offset: fileHeaderBytes, record: 0 };

/**
 * Finds the chunk in which a moment lies by walking back over the seals, one small read each: every seal tells where its
 * chunk begins, and the seal before lies just there. A file that no seal can be found in is read from its start.
 */
export async function placeOf(
  file: FileHandle,
  key: KeyObject,
  fileHeader: Uint8Array,
  milliseconds: number,
): Promise<StartPlace> {
  for await (const seal of sealsFromBehind(file, key, fileHeader)) {
    // The chunk of the last seal is read even if all of it is earlier: the seal tells that the recording ends there.
    if (seal.toMilliseconds < milliseconds && !seal.last) return behind(seal);
    if (seal.fromMilliseconds < milliseconds) return beginOf(seal);
  }
  return fromTheStart;
}

/** The first chunk begins with the header of the file. */
const beginOf = ({ chunk, offset, firstRecord }: ChunkPlace): StartPlace =>
  chunk === 0 ? fromTheStart : { offset, record: firstRecord };
const behind = ({ offset, bytes, firstRecord, records }: ChunkPlace): StartPlace => ({
  offset: offset + bytes,
  record: firstRecord + records,
});

/** What `placeOf` finds, in a list of chunks that is known: of a moment, or of a record by its number. */
export function placeIn(chunks: readonly ChunkPlace[], from: WalkStart): StartPlace {
  const isBefore = (chunk: ChunkPlace): boolean =>
    'record' in from
      ? chunk.firstRecord + chunk.records <= from.record
      : chunk.toMilliseconds < from.milliseconds || chunk.records === 0;
  let [low, high] = [0, chunks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const chunk = chunks[middle];
    if (chunk !== undefined && isBefore(chunk)) low = middle + 1;
    else high = middle;
  }
  const found = chunks[low];
  if (found !== undefined) return low === 0 ? fromTheStart : beginOf(found);
  const last = chunks.at(-1);
  if (last === undefined) return fromTheStart;
  return last.last ? beginOf(last) : behind(last);
}

/**
 * The sealed chunks of a file, oldest first; those in `known` are not read again. Where a seal is damaged, the chunks
 * before it are left out.
 */
export async function chunksOf(
  file: FileHandle,
  key: KeyObject,
  fileHeader: Uint8Array,
  known: readonly ChunkPlace[],
): Promise<readonly ChunkPlace[]> {
  const newest = known.at(-1);
  const found: ChunkPlace[] = [];
  for await (const seal of sealsFromBehind(file, key, fileHeader)) {
    if (newest !== undefined && seal.chunk <= newest.chunk)
      return found.length === 0 ? known : [...known, ...found.reverse()];
    const { chunk, offset, bytes, fromMilliseconds, toMilliseconds, firstRecord, records, last } = seal;
    found.push({ chunk, offset, bytes, fromMilliseconds, toMilliseconds, firstRecord, records, last });
  }
  return found.reverse();
}

/** The seals of a file from the last one on backwards, up to the first or to one that is damaged. */
async function* sealsFromBehind(file: FileHandle, key: KeyObject, fileHeader: Uint8Array): AsyncGenerator<ChunkSeal> {
  const open = (bytes: Buffer): ChunkSeal | undefined => {
    const frame = openFrame(key, fileHeader, bytes);
    return frame.kind === 'seal' ? frame.seal : undefined;
  };
  const { size } = await file.stat();
  let seal = open(await read(file, size - sealFrameBytes, sealFrameBytes));
  seal ??= await lastSealBefore(file, size, open);
  while (seal !== undefined) {
    yield seal;
    const before: ChunkSeal | undefined = open(await read(file, seal.offset - sealFrameBytes, sealFrameBytes));
    // A seal copied to here from elsewhere would lead round in a circle.
    seal = before?.chunk === seal.chunk - 1 ? before : undefined;
  }
}

/** The last seal of a file whose writer did not close it, or has not yet: looked for from behind, piece by piece. */
async function lastSealBefore(
  file: FileHandle,
  size: number,
  open: (bytes: Buffer) => ChunkSeal | undefined,
): Promise<ChunkSeal | undefined> {
  for (let end = size; end > 0 && end > size - maxChunkBytes * 2; end -= searchBytes) {
    // A seal that begins in this piece may end in the one behind it.
    const bytes = await read(file, end - searchBytes, searchBytes);
    const more = await read(file, end, sealFrameBytes);
    const seal = lastIn(Buffer.concat([bytes, more]), open);
    if (seal !== undefined) return seal;
  }
  return undefined;
}

function lastIn(tail: Buffer, open: (bytes: Buffer) => ChunkSeal | undefined): ChunkSeal | undefined {
  const magic = Buffer.alloc(4);
  magic.writeUInt32BE(frameMagic.seal);
  for (let at = tail.lastIndexOf(magic); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(magic, at - 1)) {
    const seal = open(tail.subarray(at));
    if (seal !== undefined) return seal;
  }
  return undefined;
}

/** Up to `length` bytes that end at `offset + length`; fewer when the file begins later. */
async function read(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const from = Math.max(0, offset);
  const bytes = Buffer.alloc(Math.max(0, offset + length - from));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
  return bytes.subarray(0, bytesRead);
}
