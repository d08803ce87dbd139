import { createHash } from 'node:crypto';

/** SHA-256 of a chunk: over the hash of the chunk before (zeros before the first), then over the chunk's bytes. */
export interface ChunkHash {
  update(bytes: Uint8Array): void;
  /** Ends the chunk and begins the next one. */
  next(): Buffer;
  readonly previous: Uint8Array;
}

export function chunkHash(): ChunkHash {
  let previous: Uint8Array = new Uint8Array(32);
  let hash = createHash('sha256').update(previous);
  return {
    update(bytes) {
      hash.update(bytes);
    },
    next() {
      const digest = hash.digest();
      previous = digest;
      hash = createHash('sha256').update(digest);
      return digest;
    },
    get previous() {
      return previous;
    },
  };
}
