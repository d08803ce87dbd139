import { Readable } from 'node:stream';
import { Pieces, small } from './pieces.ts';

/** One output of a channel to a target. While its reader stalls, what comes waits in about as much memory as it is long. */
export class TerminalOutput extends Readable {
  readonly #consumed: (bytes: number) => void;
  readonly #waiting = new Pieces();
  #wanted = false;
  #over = false;
  /** Bytes that the target has sent and nobody has read. */
  #unread = 0;

  /** `consumed` is told of bytes that have been read: that much the target may send again. */
  constructor(consumed: (bytes: number) => void) {
    super({ highWaterMark: 64 * 1024 });
    this.#consumed = consumed;
  }

  add(data: Buffer): void {
    this.#unread += data.length;
    const behind = this.readableLength > 0 && data.length < small;
    if (this.#wanted && !behind && this.#waiting.bytes === 0) this.#wanted = this.push(data);
    else this.#waiting.add(data);
    this.#settle();
  }

  /** Ends the stream after the last byte. */
  end(): void {
    this.#over = true;
    this.#feed();
  }

  override _read(): void {
    this.#wanted = true;
    this.#feed();
  }

  /** Node does not say otherwise when the last of what waited was read, and a target may have no window left by then. */
  override read(size?: number): Buffer {
    const data = super.read(size) as Buffer;
    if (this.#wanted) this.#feed();
    this.#settle();
    return data;
  }

  #feed(): void {
    if (this.#wanted || this.#over) {
      for (const piece of this.#waiting.take()) this.#wanted = this.push(piece);
    }
    if (this.#over && !this.readableEnded && !this.destroyed) this.push(null);
  }

  #settle(): void {
    const read = this.#unread - this.readableLength - this.#waiting.bytes;
    if (read <= 0) return;
    this.#unread -= read;
    this.#consumed(read);
  }
}
