import { ProtocolError } from '../../../domain/kernel/errors.ts';

/** A message is always held whole: its type, its length (which counts itself, not the type) and its body. */
export const headerBytes = 5;

/**
 * Reads the data types of the protocol (PostgreSQL documentation, "Message Data Types") from one message. What it gives are
 * views. Every read past the end is a ProtocolError whose offset counts from the first byte of the message.
 */
export class Reader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** At the body of a message. Errors: ProtocolError when the message is not as long as it says. */
  static ofMessage(message: Buffer): Reader {
    const short = message.length < headerBytes;
    if (short || message.readInt32BE(1) !== message.length - 1)
      throw new ProtocolError('length', short ? 0 : 1, 'a PostgreSQL message is not as long as it says');
    return new Reader(message, headerBytes);
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    return this.#bytes[this.#advance(1)] ?? 0;
  }

  uint16(): number {
    return this.#bytes.readUInt16BE(this.#advance(2));
  }

  int16(): number {
    return this.#bytes.readInt16BE(this.#advance(2));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#advance(4));
  }

  bytes(count: number): Buffer {
    const start = this.#advance(count);
    return this.#bytes.subarray(start, start + count);
  }

  /** An Int16 that says how many of `read` follow; PostgreSQL takes it as unsigned. */
  list<T>(read: () => T): T[] {
    const count = this.uint16();
    const items: T[] = [];
    for (let item = 0; item < count; item++) items.push(read());
    return items;
  }

  /** A value with its length in front: -1 is null. */
  value(): Buffer | null {
    const length = this.int32();
    if (length === -1) return null;
    if (length < 0)
      throw new ProtocolError('length', this.#at - 4, 'a value in a PostgreSQL message has a negative length');
    return this.bytes(length);
  }

  /** A String without its NUL, in whatever encoding the peer speaks. */
  text(): Buffer {
    const start = this.#at;
    return this.#bytes.subarray(start, this.#pastNul());
  }

  /** A String with one character for each byte, so that two names are the same only when their bytes are. */
  name(): string {
    const start = this.#at;
    return this.#bytes.toString('latin1', start, this.#pastNul());
  }

  /** A String that is read by people; what is not UTF-8 becomes U+FFFD. */
  utf8(): string {
    const start = this.#at;
    return this.#bytes.toString('utf8', start, this.#pastNul());
  }

  rest(): Buffer {
    return this.bytes(this.left);
  }

  /** Errors: ProtocolError when the message goes on. */
  end(): void {
    if (this.left > 0) throw new ProtocolError('surplus', this.#at, 'a PostgreSQL message goes on after its end');
  }

  /** Goes past the next NUL; gives where it is. */
  #pastNul(): number {
    const nul = this.#bytes.indexOf(0, this.#at);
    if (nul < 0) throw new ProtocolError('unterminated', this.#at, 'a text in a PostgreSQL message has no end');
    this.#at = nul + 1;
    return nul;
  }

  #advance(count: number): number {
    const start = this.#at;
    if (start + count > this.#bytes.length)
      throw new ProtocolError('truncated', start, 'a PostgreSQL message ends too early');
    this.#at = start + count;
    return start;
  }
}
