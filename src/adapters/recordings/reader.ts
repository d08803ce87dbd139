import { createHash, type KeyObject } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { ReadingStart, RecordingReader, SealedChunk, Walked } from '../../application/ports/recordings.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { changesOf, type FileChanges } from './changes.ts';
import { type ChunkSeal, fileHeaderBytes, isHeaderOf, startOf } from './container.ts';
import { frameScanner } from './frame-scanner.ts';
import { chunksOf, fromTheStart, placeIn, placeOf, type StartPlace } from './seek.ts';

/** Why a stretch is missing: `data` of a gap record is this as JSON. `unfinished` is the last record of a reading. */
export interface Gap {
  readonly reason: 'damaged' | 'unfinished' | 'missing';
  /** Where in the file, and how many of its bytes can't be read. */
  readonly offset: number;
  readonly bytes: number;
}

/** Reads the recording of one session from its file; each call of a method has the file open on its own. */
export function recordingReader(path: string, uuid: string, key: KeyObject): RecordingReader {
  const opened = async <T>(use: (file: FileHandle, header: Buffer) => Promise<T>): Promise<T> => {
    const file = await open(path, 'r');
    try {
      return await use(file, await readHeader(file, uuid));
    } finally {
      await file.close();
    }
  };
  async function* walked(
    how: (file: FileHandle, header: Buffer) => Promise<Way>,
    signal?: AbortSignal,
  ): AsyncGenerator<Walked> {
    const file = await open(path, 'r');
    const changes = signal === undefined ? undefined : changesOf(path, signal);
    try {
      const header = await readHeader(file, uuid);
      yield* records(file, header, key, await how(file, header), changes);
    } finally {
      changes?.stop();
      await file.close();
    }
  }
  const from =
    (wanted: ReadingStart) =>
    (file: FileHandle, header: Buffer): Promise<Way> =>
      wayFrom(file, key, header, wanted);
  return {
    startedAt: () => opened((_file, header) => Promise.resolve(startOf(header))),
    chunks: (known = []) => opened((file, header) => chunksOf(file, key, header, known)),
    walk: (start, chunks, signal) =>
      walked(
        () =>
          Promise.resolve({
            start: placeIn(chunks, start),
            milliseconds: 'milliseconds' in start ? start.milliseconds : 0,
            record: 'record' in start ? start.record : 0,
            behind: 0,
          }),
        signal,
      ),
    async *read({ fromMilliseconds = 0 }) {
      for await (const { entry } of walked(from(fromMilliseconds))) yield entry;
    },
    async *follow(signal, { fromMilliseconds = 0 } = {}) {
      for await (const { entry } of walked(from(fromMilliseconds), signal)) yield entry;
    },
    async verify(chunks) {
      const file = await open(path, 'r');
      try {
        return await firstBadChunk(file, chunks);
      } finally {
        await file.close();
      }
    },
  };
}

/** Where reading begins, and what is passed over there: earlier records, or what lies before a place in the file. */
interface Way {
  readonly start: StartPlace;
  readonly milliseconds: number;
  readonly record: number;
  readonly behind: number;
}

async function wayFrom(file: FileHandle, key: KeyObject, header: Buffer, wanted: ReadingStart): Promise<Way> {
  if (wanted === 0) return { start: fromTheStart, milliseconds: 0, record: 0, behind: 0 };
  if (wanted !== 'end') {
    return { start: await placeOf(file, key, header, wanted), milliseconds: wanted, record: 0, behind: 0 };
  }
  // From now on: behind everything that stands in the file at this moment.
  const { size } = await file.stat();
  return { start: await placeOf(file, key, header, Infinity), milliseconds: 0, record: 0, behind: size };
}

/** With `changes` it waits at the end of the file for more, without it tells what is missing there. */
async function* records(
  file: FileHandle,
  header: Buffer,
  key: KeyObject,
  { start, milliseconds: from, record: first, behind }: Way,
  changes: FileChanges | undefined,
): AsyncGenerator<Walked> {
  const scanner = frameScanner(file, key, header, start.offset);
  let expected = start.record;
  let afterDamage = false;
  let at = from;
  const gap = (reason: Gap['reason'], offset: number, bytes: number): Walked => {
    const told: Gap = { reason, offset, bytes };
    const data = Buffer.from(JSON.stringify(told), 'utf8');
    return { number: expected, entry: { kind: 'gap', at, channel: 0, data } };
  };

  while (true) {
    const offset = scanner.offset;
    const frame = await scanner.next();
    if (frame.kind === 'short' || frame.kind === 'damaged') {
      // While the file grows, a frame that is not all there yet is no damage.
      const skipped = frame.kind === 'short' && changes !== undefined ? null : await scanner.skipDamage();
      afterDamage ||= skipped !== null;
      if (skipped !== null) yield gap('damaged', offset, skipped);
      else if (changes === undefined) {
        yield gap('unfinished', offset, await scanner.rest());
        return;
      } else if (!(await changes.next())) return;
      continue;
    }
    // A whole frame in the wrong place: copied to here from elsewhere in the file, or those before it were cut out.
    const foreign = frame.kind === 'record' ? frame.number < expected : sealEnd(frame.seal) !== scanner.offset;
    if (foreign) {
      yield gap('missing', offset, frame.size);
      continue;
    }
    const number = frame.kind === 'record' ? frame.number : frame.seal.firstRecord + frame.seal.records;
    if (number !== expected && !afterDamage) yield gap('missing', offset, 0);
    afterDamage = false;
    expected = number;
    if (frame.kind === 'seal') {
      if (frame.seal.last) return;
      continue;
    }
    expected += 1;
    const { entry } = frame;
    if (entry === undefined || entry.at < from || number < first || scanner.offset <= behind) continue;
    at = entry.at;
    yield { number, entry };
  }
}

const sealEnd = (seal: ChunkSeal): number => seal.offset + seal.bytes;

async function readHeader(file: FileHandle, uuid: string): Promise<Buffer> {
  const header = Buffer.alloc(fileHeaderBytes);
  const { bytesRead } = await file.read(header, 0, fileHeaderBytes, 0);
  if (bytesRead === fileHeaderBytes && isHeaderOf(uuid, header)) return header;
  throw new SallyportError(
    'integrity',
    'recording-damaged',
    `the file ${uuid}.rec does not begin as the recording of its session; restore it from a backup`,
  );
}

async function firstBadChunk(file: FileHandle, chunks: readonly SealedChunk[]): Promise<number | null> {
  let previous: Uint8Array = new Uint8Array(32);
  let offset = 0;
  for (const [place, chunk] of chunks.entries()) {
    if (chunk.chunk !== place || chunk.offset !== offset) return place;
    const digest = await digestOf(file, chunk, previous);
    if (digest?.toString('hex') !== chunk.sha256) return place;
    previous = digest;
    offset += chunk.bytes;
  }
  return null;
}

/** Undefined when the file ends inside the chunk. */
async function digestOf(file: FileHandle, chunk: SealedChunk, previous: Uint8Array): Promise<Buffer | undefined> {
  const hash = createHash('sha256').update(previous);
  const buffer = Buffer.alloc(Math.min(chunk.bytes, 256 * 1024));
  for (let done = 0; done < chunk.bytes; ) {
    const wanted = Math.min(buffer.length, chunk.bytes - done);
    const { bytesRead } = await file.read(buffer, 0, wanted, chunk.offset + done);
    if (bytesRead === 0) return undefined;
    hash.update(buffer.subarray(0, bytesRead));
    done += bytesRead;
  }
  return hash.digest();
}
