import type { KeyObject } from 'node:crypto';
import { closeSync, ftruncateSync, writevSync } from 'node:fs';
import type { NewRecord, RecordingWriter, SealedChunk } from '../../application/ports/recordings.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { chunkHash } from './chunk-hash.ts';
import { chunkBytes, encodeRecordHeader, encodeSeal, frameMagic, maxRecordBytes, sealFrameBytes } from './container.ts';
import { diskSync } from './disk-sync.ts';
import { frameSealer } from './frames.ts';
import { Packer } from './packing.ts';

const chunkMilliseconds = 5_000;

/**
 * Writes frames to `file`, which holds the file header and nothing else and is owned from now on. One write call is one
 * frame: sealed, given to the kernel, and only then does `write` return. Times never fall: a record that claims to be
 * earlier than the one before gets its time.
 */
export function recordingWriter(
  file: number,
  key: KeyObject,
  fileHeader: Uint8Array,
  strict: boolean,
): RecordingWriter {
  const sealer = frameSealer(key, fileHeader);
  const packer = new Packer();
  const hash = chunkHash();
  hash.update(fileHeader);
  const chunkListeners: ((chunk: SealedChunk) => void)[] = [];
  const failureListeners: ((error: Error) => void)[] = [];
  let failure: SallyportError | undefined;
  let closing: Promise<void> | undefined;
  let offset = fileHeader.length;
  let records = 0;
  let latest = 0;
  let chunk = { number: 0, offset: 0, firstRecord: 0, from: 0 };
  let chunkTimer: NodeJS.Timeout | undefined;

  const fail = (cause: unknown): SallyportError => {
    if (failure !== undefined) return failure;
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    failure = new SallyportError(
      'unavailable',
      'recording-failed',
      `the recording could not be written (${reason}) after ${records} records; check the space and health of the disk`,
      { cause },
    );
    clearTimeout(chunkTimer);
    sync.stop();
    for (const listener of failureListeners) listener(failure);
    return failure;
  };
  const sync = diskSync(file, fail);

  const append = (magic: number, number: number, body: readonly Uint8Array[]): void => {
    const pieces = sealer.seal(magic, number, body);
    const end = offset + bytesOf(pieces);
    try {
      writeAll(file, pieces, offset, end);
    } catch (error) {
      cutBack(file, offset);
      throw fail(error);
    }
    for (const piece of pieces) hash.update(piece);
    offset = end;
  };

  const sealChunk = (last: boolean): void => {
    clearTimeout(chunkTimer);
    chunkTimer = undefined;
    const place = { chunk: chunk.number, offset: chunk.offset, fromMilliseconds: chunk.from, toMilliseconds: latest };
    const count = { firstRecord: chunk.firstRecord, records: records - chunk.firstRecord };
    const bytes = offset - chunk.offset + sealFrameBytes;
    const seal = { ...place, ...count, bytes, last, previous: hash.previous };
    append(frameMagic.seal, chunk.number, [encodeSeal(seal)]);
    const sealed = { ...place, bytes, sha256: hash.next().toString('hex') };
    chunk = { number: chunk.number + 1, offset, firstRecord: records, from: latest };
    for (const listener of chunkListeners) listener(sealed);
  };

  const sealByTheClock = (): void => {
    try {
      sealChunk(false);
      sync.soon();
    } catch (error) {
      fail(error);
    }
  };

  const writeRecord = (entry: Omit<NewRecord, 'data'>, data: readonly Uint8Array[]): void => {
    latest = Math.max(latest, Math.floor(entry.at));
    if (records === chunk.firstRecord) {
      chunk.from = latest;
      chunkTimer = setTimeout(sealByTheClock, chunkMilliseconds);
      chunkTimer.unref();
    }
    const packed = packer.pack(data);
    const header = encodeRecordHeader({ ...entry, at: latest }, packed !== undefined);
    append(frameMagic.record, records, [header, ...(packed === undefined ? data : [packed])]);
    records += 1;
    if (offset - chunk.offset >= chunkBytes) sealChunk(false);
  };

  return {
    write(entry) {
      if (failure !== undefined) throw failure;
      if (closing !== undefined) throw closedError();
      const data = entry.data instanceof Uint8Array ? [entry.data] : entry.data;
      if (bytesOf(data) <= maxRecordBytes) writeRecord(entry, data);
      else for (const part of split(entry, Buffer.concat(data))) writeRecord(entry, [part]);
      if (strict) return sync.now().catch((error: unknown) => Promise.reject(fail(error)));
      sync.soon();
      return undefined;
    },
    get records() {
      return records;
    },
    onChunk(listener) {
      chunkListeners.push(listener);
    },
    onFailure(listener) {
      if (failure === undefined) failureListeners.push(listener);
      else listener(failure);
    },
    async close() {
      closing ??= (async () => {
        try {
          if (failure !== undefined) return;
          sealChunk(true);
          await sync.now();
        } catch (error) {
          throw fail(error);
        } finally {
          clearTimeout(chunkTimer);
          sync.stop();
          // A sync under way would otherwise hit whatever file gets this number next.
          await sync.idle();
          closeSync(file);
        }
      })();
      await closing;
    },
  };
}

function writeAll(file: number, pieces: readonly Uint8Array[], from: number, end: number): void {
  let rest = pieces;
  for (let position = from; ; ) {
    const written = writevSync(file, rest, position);
    position += written;
    if (position === end) return;
    rest = [Buffer.concat(rest).subarray(written)];
  }
}

/** Takes away the torn beginning of a frame; when that fails too, readers skip it. */
function cutBack(file: number, offset: number): void {
  try {
    ftruncateSync(file, offset);
  } catch {
    // The first error counts: it is the one that the caller gets.
  }
}

function bytesOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}

function split(entry: NewRecord, data: Uint8Array): Uint8Array[] {
  if (entry.kind !== 'output' && entry.kind !== 'stderr' && entry.kind !== 'input') {
    throw new SallyportError(
      'invalid',
      'record-too-large',
      `a record of kind ${entry.kind} holds at most ${maxRecordBytes} bytes, this one has ${data.length}`,
    );
  }
  const parts: Uint8Array[] = [];
  for (let from = 0; from < data.length; from += maxRecordBytes) parts.push(data.subarray(from, from + maxRecordBytes));
  return parts;
}

function closedError(): SallyportError {
  return new SallyportError(
    'unavailable',
    'recording-failed',
    'the recording is closed; nothing more can be written to it',
  );
}
