import type { KeyObject } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { frameHeaderBytes, maxSealedBytes, tagBytes } from './container.ts';
import { type Frame, type FrameResult, openFrame } from './frames.ts';

const readAtOnce = 256 * 1024;
const windowBytes = 2 * (frameHeaderBytes + maxSealedBytes + tagBytes);
const magicPrefix = Buffer.from('SPR', 'latin1');

export type Scanned = Frame | { readonly kind: 'damaged' } | { readonly kind: 'short' };

/** Walks over the frames of a file with a window of about 2 MiB, however long the file is. */
export interface FrameScanner {
  /** Where the next frame begins. */
  readonly offset: number;
  /** The frame at `offset`, which moves behind it; stays where it is when the file ends before or it does not open. */
  next(): Promise<Scanned>;
  /** Moves `offset` to the next frame that opens and gives how many bytes were skipped; null when there is none. */
  skipDamage(): Promise<number | null>;
  /** Bytes between `offset` and the end of the file. */
  rest(): Promise<number>;
}

export function frameScanner(file: FileHandle, key: KeyObject, fileHeader: Uint8Array, from: number): FrameScanner {
  const window = Buffer.alloc(windowBytes);
  let offset = from;
  /** The window holds the file's bytes from `start` up to `start + filled`. */
  let start = from;
  let filled = 0;

  /** Bytes from `position` on, at least `need` of them unless the file ends before. */
  const bytesAt = async (position: number, need: number): Promise<Buffer> => {
    if (position + need > start + filled) {
      window.copyWithin(0, position - start, filled);
      filled = Math.max(0, start + filled - position);
      start = position;
      while (filled < need) {
        const wanted = Math.min(Math.max(need - filled, readAtOnce), windowBytes - filled);
        const { bytesRead } = await file.read(window, filled, wanted, start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
    }
    return window.subarray(position - start, filled);
  };

  const frameAt = async (position: number): Promise<FrameResult> => {
    let need = frameHeaderBytes;
    while (true) {
      const bytes = await bytesAt(position, need);
      const frame = openFrame(key, fileHeader, bytes);
      if (frame.kind !== 'short' || bytes.length < need) return frame;
      need = frame.need;
    }
  };

  return {
    get offset() {
      return offset;
    },
    async next() {
      const frame = await frameAt(offset);
      if (frame.kind === 'record' || frame.kind === 'seal') offset += frame.size;
      return frame.kind === 'short' ? { kind: 'short' } : frame;
    },
    async skipDamage() {
      for (let position = offset + 1; ; ) {
        const bytes = await bytesAt(position, frameHeaderBytes);
        if (bytes.length < frameHeaderBytes) return null;
        const at = bytes.indexOf(magicPrefix);
        if (at < 0) {
          position += bytes.length - magicPrefix.length + 1;
          continue;
        }
        const frame = await frameAt(position + at);
        if (frame.kind === 'record' || frame.kind === 'seal') {
          const skipped = position + at - offset;
          offset = position + at;
          return skipped;
        }
        position += at + 1;
      }
    },
    async rest() {
      return Math.max(0, (await file.stat()).size - offset);
    },
  };
}
