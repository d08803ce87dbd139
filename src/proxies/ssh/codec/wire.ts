import { ProtocolError } from '../../../domain/kernel/errors.ts';

/** Reads the data types of RFC 4251 section 5 from one payload. Every read past the end is a ProtocolError. */
export class Reader {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  byte(): number {
    return this.#bytes[this.#advance(1)] ?? 0;
  }

  boolean(): boolean {
    return this.byte() !== 0;
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#advance(4));
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** A view of the payload, not a copy. */
  string(): Buffer {
    const length = this.uint32();
    const start = this.#advance(length);
    return this.#bytes.subarray(start, start + length);
  }

  /** A string that keeps every byte, one character each. */
  latin1(): string {
    return this.string().toString('latin1');
  }

  utf8(): string {
    return this.string().toString('utf8');
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#advance(this.#bytes.length - this.#at));
  }

  #advance(count: number): number {
    const start = this.#at;
    if (start + count > this.#bytes.length)
      throw new ProtocolError('truncated', start, 'an SSH message ends too early');
    this.#at = start + count;
    return start;
  }
}

/** A part of a payload: a number is a uint32, a boolean one byte, text (UTF-8) and bytes a string with its length. */
export type Part = number | boolean | string | Uint8Array | { readonly raw: Uint8Array };

/** One payload: the message number, then the parts (RFC 4251 section 5). */
export function payload(message: number, ...parts: readonly Part[]): Buffer {
  return Buffer.concat([Buffer.of(message), fields(...parts)]);
}

export function fields(...parts: readonly Part[]): Buffer {
  return Buffer.concat(parts.flatMap(encoded));
}

function encoded(part: Part): readonly Uint8Array[] {
  if (typeof part === 'number') return [uint32(part)];
  if (typeof part === 'boolean') return [Buffer.of(part ? 1 : 0)];
  if (typeof part === 'object' && 'raw' in part) return [part.raw];
  const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
  return [uint32(bytes.length), bytes];
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
