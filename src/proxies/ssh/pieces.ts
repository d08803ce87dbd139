/** Shorter pieces are copied together: a message of one byte would keep some hundred bytes alive. */
export const small = 4096;
const firstBlock = 1024;
const longestBlock = 16 * 1024;

interface Piece {
  readonly bytes: Buffer;
  length: number;
  readonly grows: boolean;
}

/** Bytes that wait, in order, in about as much memory as they are long. */
export class Pieces {
  #pieces: Piece[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  add(data: Buffer): void {
    this.#bytes += data.length;
    if (data.length >= small) {
      this.#pieces.push({ bytes: data, length: data.length, grows: false });
      return;
    }
    let last = this.#pieces.at(-1);
    if (last?.grows !== true || last.bytes.length - last.length < data.length) {
      const size = Math.max(data.length, firstBlock, Math.min(this.#bytes, longestBlock));
      last = { bytes: Buffer.allocUnsafeSlow(size), length: 0, grows: true };
      this.#pieces.push(last);
    }
    data.copy(last.bytes, last.length);
    last.length += data.length;
  }

  /** All that waits. */
  take(): readonly Buffer[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#bytes = 0;
    return pieces.map(({ bytes, length }) => bytes.subarray(0, length));
  }
}
