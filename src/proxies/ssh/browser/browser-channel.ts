import type { TerminalScreen } from '../../../application/ports/browser-terminals.ts';
import type { TerminalExit } from '../../../application/ports/target-terminal.ts';
import { pieceCost } from '../channel.ts';
import type { ClientChannel } from '../client-channel.ts';

/** Bytes that were not acknowledged above which the target waits (docs/protocols/terminal.md). */
const mostUnread = 1024 * 1024;

/** The screen of a browser as a relay sees it. */
export class BrowserChannel implements ClientChannel {
  /** The only one of its session. */
  readonly id = 0;
  readonly #screen: TerminalScreen;
  readonly #finished: (exit: TerminalExit) => void;
  /** What is to be shown soon, and what the pieces that wait cost beside their bytes. */
  #held = 0;

  constructor(screen: TerminalScreen, finished: (exit: TerminalExit) => void) {
    this.#screen = screen;
    this.#finished = finished;
  }

  get full(): boolean {
    return this.#screen.unread + this.#held > mostUnread;
  }

  /** A terminal shows one stream. */
  write(_code: number, data: Uint8Array, sent: () => void): void {
    if (data.length === 0) {
      sent();
      return;
    }
    this.hold(pieceCost);
    this.#screen.show(data, () => {
      this.hold(-pieceCost);
      sent();
    });
  }

  hold(bytes: number): void {
    this.#held += bytes;
  }

  consumed(bytes: number): void {
    this.#screen.consumed(bytes);
  }

  /** The screen keeps the order of all that it is told. */
  async flushed(): Promise<void> {
    await Promise.resolve();
  }

  finish(exit: TerminalExit): void {
    this.#finished(exit);
  }
}
