/** The window of one busy channel, and what all channels of a connection share: more was slower (docs/protocols/ssh.md). */
const most = 2 * 1024 * 1024;
/** What a channel begins with, and what it has however much the others took. */
const first = 64 * 1024;
const least = 8 * 1024;

/** Bytes on their way out of a connection above which each of its channels keeps no more than a little. */
const outgoing = 1024 * 1024;
const little = 4 * 1024;

/**
 * What the channels of one connection may hold together, however many there are. A peer may send what was granted at
 * any time, so that grants count, not bytes; each channel keeps a part that no other can take, so that none waits for
 * another.
 */
export class Budget {
  #windows = 0;
  #channels = 0;
  #held = 0;

  /** The window of a new channel, in bytes. */
  open(): number {
    this.#channels += 1;
    const window = Math.max(least, Math.min(first, most - this.#windows));
    this.#windows += window;
    return window;
  }

  /**
   * The window of a channel whose peer has used at least half of it: twice as much while there is room, its share when
   * there is none. `granted` is what can't be taken back.
   */
  resize(window: number, granted: number): number {
    const share = most / this.#channels;
    const room = most - this.#windows;
    const next =
      room > 0
        ? Math.max(window, Math.min(window * 2, window + room, share))
        : Math.max(least, Math.min(window, share));
    const whole = Math.max(granted, Math.floor(next));
    this.#windows += whole - window;
    return whole;
  }

  close(window: number): void {
    this.#channels -= 1;
    this.#windows -= window;
  }

  /** Bytes that wait to go out on some channel of the connection; negative when they have gone. */
  hold(bytes: number): void {
    this.#held += bytes;
  }

  /** Whether a channel on which `own` bytes wait, of a connection with `backlog` for the network, takes no more. */
  isFull(own: number, backlog: number): boolean {
    return own > little && this.#held + backlog > outgoing;
  }
}
