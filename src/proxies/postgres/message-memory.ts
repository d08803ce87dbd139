/** Of all connections of one proxy together, in bytes: two of the longest messages that there are. */
const mostTogether = 128 * 1024 * 1024;
/** What each connection has without asking. */
const ownBytes = 64 * 1024;

/** There is no memory for a message now; nothing is wrong with the message itself. */
export class NoMemory extends Error {}

/**
 * Memory for what a few clients could fill a process with: messages that come in pieces, and the texts and parameters
 * that are kept for prepared statements and portals. What is small is each connection's own.
 */
export class MessageMemory {
  readonly #most: number;
  #taken = 0;

  constructor(most = mostTogether) {
    this.#most = most;
  }

  get taken(): number {
    return this.#taken;
  }

  /** False, and nothing is taken, when there is not so much left. */
  take(bytes: number): boolean {
    if (bytes > 0 && this.#taken + bytes > this.#most) return false;
    this.#taken += bytes;
    return true;
  }
}

/** One holder's part of the memory: how much it has, and how it gives it back. */
export class MemoryShare {
  readonly #memory: MessageMemory;
  #held = 0;

  constructor(memory: MessageMemory) {
    this.#memory = memory;
  }

  /** Has so many bytes from now on, more or less than before; false, and has what it had, when there is not so much left. */
  hold(bytes: number): boolean {
    const more = beyondOwn(bytes) - beyondOwn(this.#held);
    if (!this.#memory.take(more)) return false;
    this.#held = bytes;
    return true;
  }
}

function beyondOwn(bytes: number): number {
  return Math.max(0, bytes - ownBytes);
}
