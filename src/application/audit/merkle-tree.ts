import { hash } from 'node:crypto';

/** Bytes of a SHA-256 hash. */
export const hashBytes = 32;

const scratch = Buffer.alloc(1 + 2 * hashBytes, 0x01);

/** MTH of an interior node (RFC 6962, section 2.1): SHA-256(0x01 || left || right). */
function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  scratch.set(left, 1);
  scratch.set(right, 1 + hashBytes);
  return hash('sha256', scratch, 'buffer');
}

/**
 * A Merkle tree that only grows (RFC 6962, section 2.1), kept as its right edge: the roots of the complete subtrees it
 * consists of, largest first. Memory is O(log n); `push` hashes once an entry on average.
 */
export class MerkleEdge {
  #size: number;
  readonly #roots: Buffer[];

  private constructor(size: number, roots: Buffer[]) {
    this.#size = size;
    this.#roots = roots;
  }

  static empty(): MerkleEdge {
    return new MerkleEdge(0, []);
  }

  /** The edge that `toBytes` gave. Throws RangeError when the bytes do not fit the size. */
  static from(size: number, bytes: Uint8Array): MerkleEdge {
    if (bytes.length !== ones(size) * hashBytes)
      throw new RangeError(`an edge of ${size} leaves is not ${bytes.length} bytes`);
    const roots: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += hashBytes) roots.push(Buffer.from(bytes.slice(at, at + hashBytes)));
    return new MerkleEdge(size, roots);
  }

  /** Number of leaves. */
  get size(): number {
    return this.#size;
  }

  /** Adds a leaf by its hash, `SHA-256(0x00 || entry)`. */
  push(leafHash: Buffer): void {
    let merged = leafHash;
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      const left = this.#roots.pop();
      if (left === undefined) throw new RangeError('the edge of a Merkle tree is shorter than its size says');
      merged = nodeHash(left, merged);
    }
    this.#roots.push(merged);
    this.#size += 1;
  }

  /** The root over all leaves so far; of no leaves it is SHA-256 of nothing. */
  root(): Buffer {
    const root = this.#roots.reduceRight<Buffer | undefined>(
      (right, left) => (right === undefined ? left : nodeHash(left, right)),
      undefined,
    );
    return root ?? hash('sha256', '', 'buffer');
  }

  toBytes(): Buffer {
    return Buffer.concat(this.#roots);
  }

  copy(): MerkleEdge {
    return new MerkleEdge(this.#size, [...this.#roots]);
  }
}

function ones(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}
