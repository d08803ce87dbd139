import { createRequire } from 'node:module';

/** ssh2 1.17.0's protocol object before the other side's identification has come (RFC 4253 section 4.2). */
interface Reading {
  /** What has come of it; undefined before its first piece and when it is done. */
  _buffer: Buffer | undefined;
}

interface Protocol {
  readonly prototype: { parse: (this: Reading, chunk: Buffer, from: number, to: number) => void };
}

/** Each piece that comes is read with all before it again: without a bound, single bytes of a long greeting cost time. */
const longest = 16 * 1024;

/**
 * ssh2 keeps the first piece of an identification and forgets the second when a third comes: the signature over it is
 * then wrong, and the connection fails now and then. This puts the pieces together, for both legs.
 */
export function mendSplitIdentification(): void {
  const { prototype } = createRequire(import.meta.url)('ssh2/lib/protocol/Protocol.js') as Protocol;
  const { parse } = prototype;
  prototype.parse = function (chunk, from, to) {
    const before = this._buffer;
    parse.call(this, chunk, from, to);
    if (before === undefined || this._buffer !== before) return;
    if (before.length + to - from > longest) throw new Error('the identification is too long');
    this._buffer = Buffer.concat([before, chunk.subarray(from, to)]);
  };
}
