/**
 * The pipe to the process of the embedded database, both ways: a length of 4 bytes, then as many bytes of the connection
 * that has its turn. An empty frame ends it: towards the database it says that the client has gone, back that all is
 * forgotten and the next one may begin, as it does when the database has come up.
 */
export const endOfConnection: Buffer = Buffer.alloc(4);

const lengthBytes = 4;
/** What one frame holds at the most. */
export const frameBytes = 65_536;

/** The first frame of a connection is its startup packet. */
export function frame(bytes: Uint8Array): Buffer {
  const whole = Buffer.allocUnsafe(lengthBytes + bytes.length);
  whole.writeUInt32BE(bytes.length);
  whole.set(bytes, lengthBytes);
  return whole;
}

/** Finds the frames in what comes, cut anywhere. */
export class FrameReader {
  #held: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): readonly Buffer[] {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const found: Buffer[] = [];
    while (this.#held.length >= lengthBytes) {
      const end = lengthBytes + this.#held.readUInt32BE(0);
      if (this.#held.length < end) break;
      found.push(this.#held.subarray(lengthBytes, end));
      this.#held = this.#held.subarray(end);
    }
    return found;
  }
}
