/** The data types of SSH (RFC 4251 section 5), as far as keys need them. */

export function sshString(data: Uint8Array | string): Buffer {
  const bytes = Buffer.from(data);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A positive number of big-endian bytes: no leading zeros, but one where the highest bit would be a sign. */
export function sshNumber(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first === -1 ? Buffer.alloc(0) : Buffer.from(bytes.subarray(first));
  return sshString((digits[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), digits]) : digits);
}

/** Reads strings and numbers one after the other; null once the bytes do not suffice. */
export class SshReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** True when nothing is left. */
  get atEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  uint32(): number | null {
    if (this.#offset + 4 > this.#bytes.length) return null;
    const value = this.#bytes.readUInt32BE(this.#offset);
    this.#offset += 4;
    return value;
  }

  string(): Buffer | null {
    const length = this.uint32();
    if (length === null || this.#offset + length > this.#bytes.length) return null;
    const value = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return value;
  }

  text(): string | null {
    return this.string()?.toString('latin1') ?? null;
  }
}
