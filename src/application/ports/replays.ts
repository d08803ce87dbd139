import type { Position } from '../../domain/kernel/event.ts';
import type { SessionId } from '../../domain/kernel/ids.ts';
import type { WalkStart } from './recordings.ts';

/** Columns and rows of a terminal. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a player has to know before it shows anything; it grows while the session lives. */
export interface ReplayIndex {
  /** When the session began: what every time in milliseconds counts from. */
  readonly startedAt: string;
  /** Up to where it is sealed. */
  readonly milliseconds: number;
  /** The last seal stands: nothing more comes. */
  readonly whole: boolean;
  /** Of the first terminal; null where there is none. */
  readonly size: ScreenSize | null;
  /** How many chunks are sealed; `chunks` are those from the wished one on: from and to in milliseconds, and bytes. */
  readonly count: number;
  readonly chunks: readonly (readonly [from: number, to: number, bytes: number])[];
}

export interface RecordsWish {
  readonly from: WalkStart;
  /** Records later than this, in milliseconds, are left out. */
  readonly to: number;
  /** The answer ends with the record that makes it longer than this. */
  readonly bytes: number;
  /** Go on with what is written, until the session ends or the signal comes. */
  readonly follow: AbortSignal | null;
}

/** Something of the session that is not in its recording, `at` milliseconds after the start. */
export interface RailEvent {
  readonly at: number;
  readonly kind: 'denied' | 'attached' | 'end-ordered' | 'session-ended';
  readonly [field: string]: unknown;
}

/** An event of the session's stream on its way to the rail: how long after the start, and what the rail tells of it. */
export interface StreamMoment {
  readonly position: Position;
  readonly at: number;
  readonly told: RailEvent | null;
}

/**
 * Where a page of the rail begins: the record, since when there was no output, the time of the last record, and the event of
 * the session's stream that was passed last.
 */
export interface RailStart {
  readonly record: number;
  readonly quietSince: number;
  readonly seen: number;
  readonly position: Position | null;
}

/** Statements from a record on, those with a text in them or their parameters, so many at the most. */
export interface StatementsWish {
  readonly record: number;
  readonly text: string | null;
  readonly most: number;
}

/** What was shown or typed from a moment on, in milliseconds. */
export interface SearchFrom {
  readonly text: string;
  readonly from: number;
  readonly most: number;
}

/** How far the computing of screens is, in bytes of the recording; `of` is 0 while it waits for its turn. */
export interface Computing {
  readonly done: number;
  readonly of: number;
}

/** The screen of a channel at a moment. */
export interface Screen extends ScreenSize {
  readonly channel: number;
  readonly at: number;
  /** The first record that the screen does not show. */
  readonly next: number;
  /** With a terminal; without one a line feed begins a line. */
  readonly pty: boolean;
  readonly ended: boolean;
  /** What brings a fresh terminal of this size there; it draws and sets modes, and nothing else. */
  readonly screen: string;
}

/** One recording, read for a player. Lines are JSON (docs/protocols/recording.md, "For a player"); the last one tells how to go on. */
export interface Replay {
  index(fromChunk: number): Promise<ReplayIndex>;
  records(wish: RecordsWish, live: boolean): AsyncIterable<string>;
  /** `events` are those behind the start, in order; no more of them are taken than the page needs. */
  rail(start: RailStart, most: number, events: AsyncIterable<StreamMoment>, live: boolean): AsyncIterable<string>;
  statements(wish: StatementsWish, live: boolean, signal: AbortSignal): AsyncIterable<string>;
  search(wish: SearchFrom, signal: AbortSignal): AsyncIterable<string>;
  /** Null when what the channel shows at that moment is in the records alone. The signal gives the seek up. */
  screen(
    channel: number,
    milliseconds: number,
    signal: AbortSignal,
  ): Promise<Screen | { readonly computing: Computing } | null>;
}

export interface Replays {
  /** Null when the session has no recording. */
  open(sessionId: SessionId): Promise<Replay | null>;
  /** Computes in the background what the screens of a long recording need. */
  prepare(sessionId: SessionId): Promise<void>;
}
