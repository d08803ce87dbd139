import type { Duplex } from 'node:stream';
import { ProtocolError } from '../../domain/kernel/errors.ts';

/** Longest message of a login, and all of them together, in bytes: a target is not to fill memory or go on for ever. */
const longestMessage = 65_536;
const longestLogin = 1_048_576;
const headerBytes = 5;

/**
 * Takes whole messages off a stream, one at a time and only when asked, so that what is not asked for stays with the
 * target. `fault` of the stream, or its end, rejects.
 */
export class TargetReader {
  readonly #stream: Duplex;
  #held: Buffer = Buffer.alloc(0);
  #read = 0;

  constructor(stream: Duplex) {
    this.#stream = stream;
  }

  /** The next message with its header. Errors: ProtocolError; those of the stream. */
  async next(): Promise<Buffer> {
    while (true) {
      const size = this.#size();
      if (size !== null && this.#held.length >= size) {
        const message = this.#held.subarray(0, size);
        this.#held = this.#held.subarray(size);
        return message;
      }
      const chunk = await readSome(this.#stream);
      this.#read += chunk.length;
      if (this.#read > longestLogin) {
        throw new ProtocolError('too-much', this.#read, 'the login of a PostgreSQL server goes on without end');
      }
      this.#held = Buffer.concat([this.#held, chunk]);
    }
  }

  /** What was read and not asked for. */
  rest(): Buffer {
    return this.#held;
  }

  #size(): number | null {
    if (this.#held.length < headerBytes) return null;
    const size = this.#held.readInt32BE(1) + 1;
    if (size >= headerBytes && size <= longestMessage) return size;
    throw new ProtocolError('length', 1, 'a message in the login of a PostgreSQL server has a bad length');
  }
}

/** What has come, at least a byte. Rejects when the stream ends or breaks. */
export async function readSome(stream: Duplex): Promise<Buffer> {
  while (true) {
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null) return chunk;
    if (stream.readableEnded || stream.destroyed) throw stream.errored ?? new Error('the target closed the connection');
    await changed(stream);
  }
}

const changes = ['readable', 'end', 'close', 'error'] as const;

async function changed(stream: Duplex): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const done = (): void => resolve(undefined);
  for (const change of changes) stream.on(change, done);
  await promise;
  for (const change of changes) stream.off(change, done);
}
