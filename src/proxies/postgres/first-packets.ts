import { type FirstPacket, longestFirstPacket, readFirstPacket } from './codec/startup.ts';

/** In bytes, the ones inside TLS and those before it together (security rule P4). */
const mostBeforeLogin = 10_240;

/** What a client sends before there are messages with a type: one packet at a time (security rules P1, P4). */
export class FirstPackets {
  #heard = 0;
  #held: Buffer = Buffer.alloc(0);

  /** Everything that a client sends before it is logged in. Throws when that is more than anybody needs. */
  count({ length }: Buffer): void {
    this.#heard += length;
    if (this.#heard > mostBeforeLogin) throw new Error('too much before the login');
  }

  /** The packet that is whole now; null: not yet. Throws for one that is too long, malformed, or not waited behind. */
  push(chunk: Buffer): FirstPacket | null {
    this.#held = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (this.#held.length > longestFirstPacket) throw new Error('more than a first packet');
    const read = readFirstPacket(this.#held);
    if (read === null) return null;
    this.#held = read.rest;
    // Whoever sends on without waiting for the answer wants its clear text to be taken for what came inside TLS.
    if (read.rest.length > 0) throw new Error('bytes behind a first packet');
    return read.packet;
  }
}
