import type { Destination, VerifiedPass } from '../admission/door.ts';
import type { SessionId } from '../../domain/kernel/ids.ts';
import type { SessionEndReason } from '../../domain/session/events.ts';
import type { TargetQuestion, TerminalExit, TerminalSize } from './target-terminal.ts';

/** Why a terminal in the browser is no more: the end of its session, its shell's own end, or there never was one. */
export type TerminalEndReason = SessionEndReason | 'exited' | 'refused';

/** The session that a terminal got. Names are as they stand in the session's events. */
export interface TerminalSession {
  readonly sessionId: SessionId;
  readonly target: string;
  readonly account: string;
  /** Whether what is shown is recorded. */
  readonly recorded: boolean;
}

/** Where a terminal in the browser shows itself, whoever looks at it, and whether anybody does. */
export interface TerminalScreen {
  /** Bytes shown, and not acknowledged by the person's page yet, or not even sent. */
  readonly unread: number;
  /** Bytes to show, recorded already; `sent` is called when they are on their way to the person, or dropped. */
  show(data: Uint8Array, sent: () => void): void;
  /** So many bytes of the person's have gone on. */
  consumed(bytes: number): void;
  /** There is a session. */
  admitted(session: TerminalSession): void;
  /** The shell runs. */
  opened(): void;
  /** Something only the person knows. */
  asks(question: TargetQuestion): void;
  /** A word that ends nothing and is shown already. */
  notice(message: string): void;
  /** After the last byte. */
  exited(exit: TerminalExit): void;
  /** The last call, after the last byte. `message` is for the person. */
  ended(reason: TerminalEndReason, message: string): void;
}

/** One terminal in the browser, from the wish to its end. */
export interface BrowserTerminal {
  /** What the person typed. It may come at any time, and waits while there is no shell. */
  input(data: Buffer): void;
  resize(size: TerminalSize): void;
  /** To the question that is open; null: there is no answer. */
  answer(answers: readonly string[] | null): void;
  /** The person is gone: closed, or lost. Nothing is shown from here on. */
  leave(reason: 'closed-by-client' | 'client-lost'): void;
}

export interface BrowserTerminalWish {
  readonly pass: VerifiedPass;
  readonly destination: Destination;
  /** Why they want to go there; empty: asked for when a condition wants one. */
  readonly reason: string;
  readonly size: TerminalSize;
  readonly source: string;
  /** What the browser says it is, printable. */
  readonly client: string;
}

/** Opens terminals for people in a browser: by the same admission, recording and life of a session as any other client's. */
export interface BrowserTerminals {
  open(wish: BrowserTerminalWish, screen: TerminalScreen): BrowserTerminal;
}
