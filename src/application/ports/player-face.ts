import type { SessionId } from '../../domain/kernel/ids.ts';
import type { Computing, RailStart, RecordsWish, ReplayIndex, Screen, SearchFrom, StatementsWish } from './replays.ts';
import type { Refused, Viewer } from './viewer.ts';

export interface ReadingOpened {
  readonly ok: true;
  /** Names this reading for the login that opened it. */
  readonly id: string;
  readonly live: boolean;
  /** What there is to show: a terminal, or the statements of a session at a database. */
  readonly screen: 'terminal' | 'statements';
}

type Lines = { readonly ok: true; readonly lines: AsyncIterable<string> };

/** What a player in the browser needs of recordings. A reading is refused when it has ended or the right to it is gone. */
export interface PlayerFace {
  /** Appends `RecordingRead`, once for all that is read under the id. */
  open(viewer: Viewer, sessionId: SessionId): Promise<ReadingOpened | Refused>;
  index(
    viewer: Viewer,
    reading: string,
    fromChunk: number,
  ): Promise<{ readonly ok: true; readonly index: ReplayIndex; readonly live: boolean } | Refused>;
  records(viewer: Viewer, reading: string, wish: RecordsWish): Promise<Lines | Refused>;
  rail(viewer: Viewer, reading: string, start: RailStart, most: number): Promise<Lines | Refused>;
  /** The signal gives it up. */
  statements(viewer: Viewer, reading: string, wish: StatementsWish, signal: AbortSignal): Promise<Lines | Refused>;
  /** The search ends when the signal comes. */
  search(viewer: Viewer, reading: string, wish: SearchFrom, signal: AbortSignal): Promise<Lines | Refused>;
  /** While screens have to be computed first, how far that is: ask again. Refused as `no-screen` when none is kept of the channel. */
  screen(
    viewer: Viewer,
    reading: string,
    channel: number,
    milliseconds: number,
    signal: AbortSignal,
  ): Promise<{ readonly ok: true; readonly screen: Screen | { readonly computing: Computing } } | Refused>;
}
