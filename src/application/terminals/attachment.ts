import type { Page, ScreenMessage } from '../ports/terminal-face.ts';
import type { OutputRing } from './output-ring.ts';

/** Bytes on their way to a page that it has not acknowledged (docs/protocols/terminal.md). */
const mostUnacknowledged = 1024 * 1024;
/** The longest piece that is sent at once. */
const longestPiece = 64 * 1024;

/** One page at a terminal: where it is in the stream of bytes, and what it acknowledged. */
export class Attachment {
  readonly #page: Page;
  readonly #ring: OutputRing;
  #sent: number;
  #acknowledged: number;
  #over = false;
  #reading = true;

  constructor(page: Page, ring: OutputRing, from: number) {
    this.#page = page;
    this.#ring = ring;
    this.#sent = from;
    this.#acknowledged = from;
  }

  /** Offset behind the newest byte that was sent here. */
  get sent(): number {
    return this.#sent;
  }

  /** False when the page acknowledges what it never got. */
  acknowledge(offset: number): boolean {
    if (offset > this.#sent) return false;
    this.#acknowledged = Math.max(this.#acknowledged, offset);
    return true;
  }

  /** Sends what the page may get. */
  pump(): void {
    while (!this.#over && this.#sent < this.#ring.end) {
      const room = mostUnacknowledged - (this.#sent - this.#acknowledged);
      if (room <= 0) return;
      const piece = this.#ring.read(this.#sent, Math.min(room, longestPiece));
      this.#sent += piece.length;
      this.#page.show(piece);
    }
  }

  tell(message: ScreenMessage): void {
    if (this.#over) return;
    this.#over = message.type === 'end';
    this.#page.tell(message);
  }

  read(goOn: boolean): void {
    if (goOn === this.#reading) return;
    this.#reading = goOn;
    this.#page.read(goOn);
  }
}
