import { type FirstPacket, longestFirstPacket, readFirstPacket } from './codec/startup.ts';

/** What a client sends before there are messages with a type: one packet at a time (security rules P1, P4). */
export class FirstPackets {
  #held: Buffer = Buffer.alloc(0);

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
