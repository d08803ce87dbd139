const blockLength = 64 * 1024;

/**
 * The newest bytes of a stream, by their offsets from its start. They are copied into blocks, so that what is kept takes as
 * much memory as it is long, however it came.
 */
export class OutputRing {
  readonly #blocks: Buffer[] = [];
  /** Offset of the first byte of the first block. */
  #base = 0;
  #oldest = 0;
  #end = 0;

  /** Offset of the oldest byte that is kept. */
  get oldest(): number {
    return this.#oldest;
  }

  /** Offset behind the newest byte. */
  get end(): number {
    return this.#end;
  }

  append(data: Uint8Array): void {
    for (let taken = 0; taken < data.length; ) {
      const used = (this.#end - this.#base) % blockLength;
      if (used === 0 && this.#end - this.#base === this.#blocks.length * blockLength) {
        this.#blocks.push(Buffer.allocUnsafeSlow(blockLength));
      }
      const piece = data.subarray(taken, taken + blockLength - used);
      this.#blocks.at(-1)?.set(piece, used);
      taken += piece.length;
      this.#end += piece.length;
    }
  }

  /** Bytes from an offset that is kept, at most so many and at most one block; no copy, and never written again. */
  read(from: number, most: number): Buffer {
    const place = from - this.#base;
    const within = place % blockLength;
    const length = Math.min(most, blockLength - within, this.#end - from);
    const block = this.#blocks[Math.floor(place / blockLength)];
    return block === undefined || length <= 0 ? Buffer.alloc(0) : block.subarray(within, within + length);
  }

  /** Forgets what lies before an offset. */
  forget(before: number): void {
    this.#oldest = Math.max(this.#oldest, Math.min(before, this.#end));
    while (this.#oldest - this.#base >= blockLength) {
      this.#blocks.shift();
      this.#base += blockLength;
    }
  }
}
