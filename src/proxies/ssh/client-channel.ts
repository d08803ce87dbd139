import type { TerminalExit } from '../../application/ports/target-terminal.ts';

/** The person's end of what is carried: a channel of their SSH client, or the screen of their browser. */
export interface ClientChannel {
  /** Its number in the record. */
  readonly id: number;
  /** Whether so much waits to go out that the source is to pause. Asked again at the latest when something was `sent`. */
  readonly full: boolean;
  /** Queues bytes; `sent` is called when they have been handed to the network, or dropped. */
  write(code: number, data: Uint8Array, sent: () => void): void;
  /** Bytes that are to be written soon count as well; negative when they are written. */
  hold(bytes: number): void;
  /** The person's bytes have gone on: as many again may come. */
  consumed(bytes: number): void;
  /** Resolves when everything queued so far is on its way, or dropped. */
  flushed(): Promise<void>;
  /** Says after the last byte how it ended, and closes. */
  finish(exit: TerminalExit): void;
}
