import { ProtocolError } from '../../../domain/kernel/errors.ts';
import { headerBytes } from './reader.ts';

/** What each type of message may be, by its first byte. Sizes are in bytes of the whole message with its header. */
export interface MessageRules {
  /** 0: there is no such type. */
  readonly longest: Uint32Array;
  /** Up to here a message is handed out whole; a longer one passes in pieces. 0: they always do. */
  readonly whole: Uint32Array;
}

/** Says what becomes of each message, in the order of the stream. Buffers are views of the stream, valid for good. */
export interface MessageSink {
  /**
   * A whole message. Gives what is to be sent on in its place: the message itself, other bytes, or null for nothing. What
   * came before it may still be on its way to `forward`: who wants to send something in front of it gives both together.
   */
  message(message: Buffer): Buffer | null;
  /** The header of a message that passes in pieces has come; false drops it. */
  passing(type: number, size: number): boolean;
  /** More room is taken for a message that comes in pieces: so many bytes in all. May throw. */
  room?(bytes: number): void;
  /** Bytes to be sent on: as many messages together as came together. */
  forward(bytes: Buffer): void;
}

/** Smallest room for a message that came in pieces; it grows with what comes, since a length alone is to take no memory. */
const smallestRoom = 512;

const nothing = Buffer.alloc(0);

/**
 * Walks one direction of a connection after its first packet: hands out the messages that the rules name, lets the others
 * pass, and joins what is sent on. Copies only what is cut over chunks; holds one message at most, and none that passes.
 * Errors: ProtocolError with the place in the stream for a type that there is not or a bad length.
 */
export class MessageStream {
  readonly #sink: MessageSink;
  #rules: MessageRules;
  /** Place in the stream of the chunk at hand. */
  #offset = 0;
  /** What is still to come of a message that passes or is dropped. */
  #left = 0;
  #drops = false;
  /** The beginning of a message that came in pieces: its header, and then, when it is one to hand out, all of it. */
  readonly #header = Buffer.alloc(headerBytes);
  #room = nothing;
  #held = 0;
  #size = 0;

  constructor(rules: MessageRules, sink: MessageSink) {
    this.#rules = rules;
    this.#sink = sink;
  }

  /** Other rules, from the next message on; also out of `message`. */
  follow(rules: MessageRules): void {
    this.#rules = rules;
  }

  /** Whether what was sent on so far ends with a whole message, so that one of our own may come next. */
  get atBoundary(): boolean {
    return this.#left === 0 || this.#drops;
  }

  /** Whether no part of a message is held. */
  get isBetween(): boolean {
    return this.#held === 0;
  }

  /** Gives how many bytes it took: all of them, unless `wait` says before a message that no more are to be taken. */
  push(chunk: Buffer, wait: () => boolean = never): number {
    let at = 0;
    /** From here to `at` all is to be sent on. */
    let from = 0;
    try {
      while (at < chunk.length) {
        if (this.#left > 0) {
          const step = Math.min(this.#left, chunk.length - at);
          if (this.#drops) this.#send(chunk, from, at);
          this.#left -= step;
          at += step;
          if (this.#drops) from = at;
          continue;
        }
        if (wait()) break;
        const here = chunk.length - at;
        const cut = this.#held > 0 || here < headerBytes;
        const size = cut ? 0 : this.#measure(chunk, at, at);
        if (!cut && this.#isToPass(chunk[at] ?? 0, size)) continue;
        if (cut || size > here) {
          this.#send(chunk, from, at);
          from = at;
          at += this.#fill(chunk, at);
          from = at;
          continue;
        }
        const message = chunk.subarray(at, at + size);
        const instead = this.#sink.message(message);
        if (instead !== message) {
          this.#send(chunk, from, at);
          from = at + size;
          if (instead !== null) this.#sink.forward(instead);
        }
        at += size;
      }
    } finally {
      // Also before an error: what was let through is not held back by what comes behind it.
      this.#send(chunk, from, at);
    }
    this.#offset += at;
    return at;
  }

  #send(chunk: Buffer, from: number, to: number): void {
    if (from === to) return;
    this.#sink.forward(from === 0 && to === chunk.length ? chunk : chunk.subarray(from, to));
  }

  /** Goes on with a message that is cut; gives how many bytes it took. */
  #fill(chunk: Buffer, at: number): number {
    let took = 0;
    if (this.#held < headerBytes) {
      took = chunk.copy(this.#header, this.#held, at, at + headerBytes - this.#held);
      this.#held += took;
      if (this.#held < headerBytes) return took;
      const size = this.#measure(this.#header, 0, at + took - headerBytes);
      if (this.#isToPass(this.#header[0] ?? 0, size)) {
        this.#held = 0;
        this.#left -= headerBytes;
        if (!this.#drops) this.#sink.forward(Buffer.from(this.#header));
        return took;
      }
      this.#size = size;
      this.#room = Buffer.allocUnsafeSlow(headerBytes);
      this.#header.copy(this.#room);
    }
    took += this.#copy(chunk, at + took);
    if (this.#held === this.#size) {
      const message = this.#room.subarray(0, this.#size);
      this.#room = nothing;
      this.#held = 0;
      const instead = this.#sink.message(message);
      if (instead !== null) this.#sink.forward(instead);
    }
    return took;
  }

  #copy(chunk: Buffer, at: number): number {
    const take = Math.min(this.#size - this.#held, chunk.length - at);
    if (this.#held + take > this.#room.length) {
      const wider = Math.max(smallestRoom, 2 * this.#room.length, this.#held + take);
      const bytes = Math.min(this.#size, wider);
      this.#sink.room?.(bytes);
      // What it outgrows is free at once, and not when the collector next looks.
      this.#room = Buffer.from(this.#room.buffer.transfer(bytes));
    }
    chunk.copy(this.#room, this.#held, at, at + take);
    this.#held += take;
    return take;
  }

  #isToPass(type: number, size: number): boolean {
    if (size <= (this.#rules.whole[type] ?? 0)) return false;
    this.#drops = !this.#sink.passing(type, size);
    this.#left = size;
    return true;
  }

  /** The size of the message whose header is in `bytes` at `at`. */
  #measure(bytes: Buffer, at: number, place: number): number {
    const longest = this.#rules.longest[bytes[at] ?? 0] ?? 0;
    if (longest === 0)
      throw new ProtocolError(
        'unknown-type',
        this.#offset + place,
        'a PostgreSQL message of a type that does not belong here',
      );
    const size = bytes.readInt32BE(at + 1) + 1;
    if (size < headerBytes || size > longest)
      throw new ProtocolError('length', this.#offset + place + 1, 'a PostgreSQL message has a bad length');
    return size;
  }
}

function never(): boolean {
  return false;
}
