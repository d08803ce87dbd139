import type { SessionId } from '../../domain/kernel/ids.ts';
import type { EndListener } from '../admission/door.ts';
import type { TerminalSession } from './browser-terminals.ts';
import type { TargetQuestion, TerminalExit, TerminalSize } from './target-terminal.ts';
import type { Refused, Viewer } from './viewer.ts';

/** Where a terminal in the browser is to lead: to a target, or to a session that is open already. */
export type TerminalWish =
  | { readonly target: string; readonly account: string | null; readonly reason: string }
  | { readonly session: SessionId };

/** A terminal of somebody's that is open. Names are as they stand in the session's events. */
export interface OpenTerminal {
  readonly sessionId: SessionId;
  readonly target: string;
  readonly account: string;
  readonly openedAt: string;
  /** Whether a page looks at it. */
  readonly attached: boolean;
}

export interface SessionMessage {
  readonly type: 'session';
  readonly session: TerminalSession;
  /** Offset of the next byte. */
  readonly from: number;
  /** Bytes before it that were asked for and are kept no more. */
  readonly lost: number;
  /** Some page acknowledged the bytes before this offset. */
  readonly shown: number;
}

/** What a page is told besides the bytes of its terminal. */
export type ScreenMessage =
  | SessionMessage
  | { readonly type: 'opened' }
  | { readonly type: 'question'; readonly id: number; readonly question: TargetQuestion }
  | { readonly type: 'notice'; readonly message: string }
  | { readonly type: 'exit'; readonly exit: TerminalExit }
  | { readonly type: 'end'; readonly reason: string; readonly message: string };

/** The page that looks at a terminal. After a message of type `end` it is told nothing more. */
export interface Page {
  show(data: Buffer): void;
  tell(message: ScreenMessage): void;
  /** Whether to go on reading what the person types. */
  read(goOn: boolean): void;
}

/** The first thing that a page says. */
export interface TerminalBegin {
  readonly size: TerminalSize;
  /** Offset of the next byte that it needs of a terminal that is open already; null: all that is kept. */
  readonly from: number | null;
  /** What the browser says it is. */
  readonly client: string;
}

/** One page at its terminal. */
export interface TerminalLine {
  input(data: Buffer): void;
  resize(size: TerminalSize): void;
  answer(id: number, answers: readonly string[] | null): void;
  /** The page dealt with all bytes before this offset. False when it never got them. */
  acknowledge(offset: number): boolean;
  /** The person is done. */
  close(): void;
  /** The page is gone without a word, and may come back. */
  detach(): void;
}

/** A page whose ticket was good. */
export interface TerminalVisit {
  /** Opens its terminal, or leads back to it. Null: `from` is an offset that never was. A no is told to the page. */
  begin(begin: TerminalBegin, page: Page): Promise<TerminalLine | null>;
}

/** A page whose login was looked at. */
export interface TerminalVisitor {
  readonly visit: TerminalVisit;
  /** The person typed something: a use of the login. */
  active(): void;
  /** Whether the login still holds; that is no use of it. Never rejects: errors are a no. */
  isLive(): Promise<boolean>;
  /** Nobody is there any more. */
  release(): void;
}

/** What the application offers for terminals in the browser. */
export interface TerminalFace {
  /** A ticket, shown once, for one socket. */
  openTerminal(
    viewer: Viewer,
    wish: TerminalWish,
  ): Promise<{ readonly ok: true; readonly ticket: string; readonly expiresAt: string } | Refused>;
  terminals(viewer: Viewer): readonly OpenTerminal[];
  /**
   * Takes a ticket, once. `ticket-refused`: it is none for this login now, which is an event as often as `TicketBrake` lets
   * it; after that the ticket was not looked at. `ended` is called when the
   * login has ended, was idle for too long or is at the end of its time, whatever the session rests on. Errors: those of
   * the log.
   */
  visit(
    viewer: Viewer,
    ticket: string,
    source: string,
    ended: EndListener,
  ): Promise<TerminalVisitor | 'ticket-refused' | 'login-ended'>;
}
