import type { Channel } from '../channel.ts';

/** Output that may wait for the client. */
const mostUnsent = 64 * 1024;

/** What a menu writes to its channel: bounded by what is written in answer to keys, and by screens that are left out. */
export class MenuOutput {
  readonly #channel: Channel;
  readonly #screen: () => string;
  #unsent = 0;
  #painting = false;
  #dirty = false;

  /** `screen` gives the whole screen as it is now; empty: there is none to be drawn. */
  constructor(channel: Channel, screen: () => string) {
    this.#channel = channel;
    this.#screen = screen;
  }

  /** The client does not read: what is typed now is dropped. */
  get isFull(): boolean {
    return this.#unsent > mostUnsent;
  }

  show(text: string): void {
    if (text === '') return;
    const data = Buffer.from(text);
    this.#unsent += data.length;
    this.#channel.write(0, data, () => (this.#unsent -= data.length));
  }

  /** One screen at a time is under way; those between it and the newest are not drawn. */
  paint(): void {
    this.#dirty = this.#painting;
    const screen = this.#painting ? '' : this.#screen();
    if (screen === '') return;
    this.#painting = true;
    this.#channel.write(0, Buffer.from(screen), () => {
      this.#painting = false;
      if (this.#dirty) this.paint();
    });
  }
}
