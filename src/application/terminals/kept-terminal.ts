import type { PassId, UserId } from '../../domain/kernel/ids.ts';
import type {
  BrowserTerminal,
  TerminalEndReason,
  TerminalScreen,
  TerminalSession,
} from '../ports/browser-terminals.ts';
import type { TargetQuestion, TerminalExit, TerminalSize } from '../ports/target-terminal.ts';
import type { Page, ScreenMessage } from '../ports/terminal-face.ts';
import { Attachment } from './attachment.ts';
import { OutputRing } from './output-ring.ts';

/** Bytes kept for a page that comes back, acknowledged or not. */
const kept = 1024 * 1024;
/** Bytes typed that the target has not taken above which a page is read no more. */
const mostTyped = 256 * 1024;
/** How long a page may take to read the last bytes, in milliseconds. */
const lastWordsMilliseconds = 10_000;

export interface KeptTerminalEvents {
  /** It has a session, by which it can be found. */
  readonly admitted: (session: TerminalSession) => void;
  /** Nobody can come back to it. */
  readonly gone: () => void;
}

/**
 * A terminal in the browser that outlives the socket of its page: keeps the newest output by its offsets, and one page at
 * a time looks at it. While none does it waits for one, and ends when none comes.
 */
export class KeptTerminal implements TerminalScreen {
  readonly userId: UserId;
  /** The login that it rests on, and from where it was opened. */
  readonly passId: PassId;
  readonly source: string;
  readonly openedAt: string;
  #inner: BrowserTerminal | undefined;
  readonly #ring = new OutputRing();
  readonly #events: KeptTerminalEvents;
  readonly #detachedMilliseconds: number;
  #session: TerminalSession | null = null;
  #attachment: Attachment | null = null;
  /** What waits to be sent for the first time, by the offset behind it. */
  readonly #unsent: { readonly end: number; readonly sent: () => void }[] = [];
  #acknowledged = 0;
  /** Bytes of the person's that have not gone on. */
  #typed = 0;
  #opened = false;
  #question: { readonly id: number; readonly question: TargetQuestion } | null = null;
  #questions = 0;
  /** What is said after the last byte. */
  readonly #last: ScreenMessage[] = [];
  #ended = false;
  #gone = false;
  #planned = false;
  #timer: NodeJS.Timeout | undefined;

  /** `detachedMilliseconds`: how long it waits for a page. */
  constructor(
    facts: Pick<KeptTerminal, 'userId' | 'passId' | 'source' | 'openedAt'>,
    detachedMilliseconds: number,
    events: KeptTerminalEvents,
  ) {
    this.userId = facts.userId;
    this.passId = facts.passId;
    this.source = facts.source;
    this.openedAt = facts.openedAt;
    this.#detachedMilliseconds = detachedMilliseconds;
    this.#events = events;
  }

  /** The terminal whose screen this is. */
  begin(inner: BrowserTerminal): void {
    this.#inner = inner;
  }

  get session(): TerminalSession | null {
    return this.#session;
  }

  get attached(): boolean {
    return this.#attachment !== null;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Bytes that are kept may be asked for from here on: more is an offset that never was. */
  get end(): number {
    return this.#ring.end;
  }

  /** From here on this page has the terminal; the one before is told. `from` null: whatever is kept. */
  attach(page: Page, from: number | null): Attachment {
    const before = this.#attachment;
    this.#attachment = null;
    before?.tell({ type: 'end', reason: 'taken-over', message: takenOver });
    clearTimeout(this.#timer);
    const start = Math.max(from ?? 0, this.#ring.oldest);
    // What it asks for no more, it has: else the target would wait for what nobody acknowledges.
    this.#acknowledged = Math.max(this.#acknowledged, from ?? 0);
    const attachment = new Attachment(page, this.#ring, start);
    this.#attachment = attachment;
    if (this.#session !== null) this.#introduce(attachment, start, from === null ? 0 : start - from);
    if (this.#opened) attachment.tell({ type: 'opened' });
    if (this.#question !== null) attachment.tell({ type: 'question', ...this.#question });
    attachment.read(this.#typed <= mostTyped);
    if (this.#ended) this.#leaveSoon();
    this.#pump();
    return attachment;
  }

  /** The page is gone without a word. One that was taken over changes nothing. */
  detach(attachment: Attachment): void {
    if (attachment !== this.#attachment) return;
    this.#attachment = null;
    clearTimeout(this.#timer);
    if (this.#session === null) this.#leave('closed-by-client');
    else this.#timer = setTimeout(() => this.#leave('client-lost'), this.#detachedMilliseconds);
  }

  /** The person is done. */
  close(attachment: Attachment): void {
    if (attachment === this.#attachment) this.#leave('closed-by-client');
  }

  input(attachment: Attachment, data: Buffer): void {
    if (attachment !== this.#attachment || this.#ended) return;
    this.#typed += data.length;
    if (this.#typed > mostTyped) attachment.read(false);
    this.#inner?.input(data);
  }

  resize(attachment: Attachment, size: TerminalSize): void {
    if (attachment === this.#attachment && !this.#ended) this.#inner?.resize(size);
  }

  answer(attachment: Attachment, id: number, answers: readonly string[] | null): void {
    if (attachment !== this.#attachment || id !== this.#question?.id) return;
    this.#question = null;
    this.#inner?.answer(answers);
  }

  /** False when the page acknowledges what it never got. */
  acknowledge(attachment: Attachment, offset: number): boolean {
    if (attachment !== this.#attachment) return true;
    if (!attachment.acknowledge(offset)) return false;
    this.#acknowledged = Math.max(this.#acknowledged, offset);
    this.#forget();
    this.#pump();
    return true;
  }

  get unread(): number {
    return this.#ring.end - this.#acknowledged;
  }

  show(data: Uint8Array, sent: () => void): void {
    if (this.#gone) {
      sent();
      return;
    }
    this.#ring.append(data);
    this.#unsent.push({ end: this.#ring.end, sent });
    this.#forget();
    // What comes in one go leaves together.
    if (this.#planned) return;
    this.#planned = true;
    queueMicrotask(() => {
      this.#planned = false;
      this.#pump();
    });
  }

  consumed(bytes: number): void {
    this.#typed -= bytes;
    if (this.#typed <= mostTyped) this.#attachment?.read(true);
  }

  admitted(session: TerminalSession): void {
    this.#session = session;
    this.#events.admitted(session);
    if (this.#attachment !== null) this.#introduce(this.#attachment, 0, 0);
  }

  opened(): void {
    this.#opened = true;
    this.#attachment?.tell({ type: 'opened' });
  }

  asks(question: TargetQuestion): void {
    this.#questions += 1;
    this.#question = { id: this.#questions, question };
    this.#attachment?.tell({ type: 'question', ...this.#question });
  }

  notice(message: string): void {
    this.#attachment?.tell({ type: 'notice', message });
  }

  exited(exit: TerminalExit): void {
    this.#last.push({ type: 'exit', exit });
  }

  ended(reason: TerminalEndReason, message: string): void {
    if (this.#ended || this.#gone) return;
    this.#ended = true;
    this.#question = null;
    // A page that is not read would not be heard either.
    this.#attachment?.read(true);
    this.#last.push({ type: 'end', reason, message });
    if (this.#attachment !== null) this.#leaveSoon();
    this.#pump();
  }

  #introduce(attachment: Attachment, from: number, lost: number): void {
    const shown = this.#acknowledged;
    if (this.#session !== null) attachment.tell({ type: 'session', session: this.#session, from, lost, shown });
  }

  #pump(): void {
    const attachment = this.#attachment;
    if (attachment === null) return;
    attachment.pump();
    while (this.#unsent[0] !== undefined && this.#unsent[0].end <= attachment.sent) this.#unsent.shift()?.sent();
    if (!this.#ended || attachment.sent < this.#ring.end) return;
    for (const message of this.#last) attachment.tell(message);
    this.#leave('closed-by-client');
  }

  /** What a page may still ask for stays: all that was not acknowledged, and the newest of the rest. */
  #forget(): void {
    this.#ring.forget(Math.min(this.#acknowledged, this.#ring.end - kept));
  }

  /** It has ended, and is read to its end or not at all. */
  #leaveSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      for (const message of this.#last) this.#attachment?.tell(message);
      this.#leave('client-lost');
    }, lastWordsMilliseconds);
  }

  #leave(reason: 'closed-by-client' | 'client-lost'): void {
    if (this.#gone) return;
    this.#gone = true;
    clearTimeout(this.#timer);
    this.#attachment = null;
    this.#inner?.leave(reason);
    for (const { sent } of this.#unsent.splice(0)) sent();
    this.#ring.forget(this.#ring.end);
    this.#events.gone();
  }
}

const takenOver = 'this terminal was opened elsewhere, and goes on there';
