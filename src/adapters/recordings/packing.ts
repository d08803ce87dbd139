import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { maxRecordBytes } from './container.ts';

/** Below this, packing costs more time than it saves. */
const worthwhile = 16 * 1024;
/** What does not get smaller than 7/8 is kept as it is, and so are as many records after it without a try. */
const leftAlone = 15;
/** The quickest levels: packing takes less time than sealing, hashing and writing what it saves. */
const params = { [constants.ZSTD_c_compressionLevel]: -5 };

/** Packed data lies side by side here on its way into zstd, which takes one piece. */
const together = Buffer.allocUnsafeSlow(maxRecordBytes);

/** Packs the data of one recording's records (zstd, RFC 8878), each for itself. */
export class Packer {
  #skip = 0;

  /** Undefined when the data is best kept as it is. At most `maxRecordBytes` bytes. */
  pack(data: readonly Uint8Array[]): Buffer | undefined {
    const bytes = data.reduce((sum, piece) => sum + piece.length, 0);
    if (bytes < worthwhile) return undefined;
    if (this.#skip > 0) {
      this.#skip -= 1;
      return undefined;
    }
    let at = 0;
    for (const piece of data) {
      together.set(piece, at);
      at += piece.length;
    }
    const packed = zstdCompressSync(together.subarray(0, bytes), { params });
    if (packed.length * 8 <= bytes * 7) return packed;
    this.#skip = leftAlone;
    return undefined;
  }
}

/** Undefined for what `Packer` did not make. */
export function unpack(packed: Uint8Array): Buffer | undefined {
  try {
    return zstdDecompressSync(packed, { maxOutputLength: maxRecordBytes });
  } catch {
    return undefined;
  }
}
