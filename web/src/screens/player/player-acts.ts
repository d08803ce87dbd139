import { type PlayerKey, speedBeside } from './keys.ts';
import type { Playback, PlaybackState } from './playback.ts';

export interface ActsWish {
  readonly playback: Playback | null;
  readonly state: PlaybackState | null;
  readonly position: number;
  readonly end: number;
  /** Moments of what happened, and of what was found, in order. */
  readonly marks: readonly number[];
  readonly hits: readonly number[];
}

/** A little room, in milliseconds, so that going back twice goes on to the one before. */
const room = 500;

/** What keys and buttons do to the playback. */
export function playerActs({
  playback,
  state,
  position,
  end,
  marks,
  hits,
}: ActsWish): Partial<Record<PlayerKey, () => void>> {
  if (playback === null || state === null) return {};
  const seek = (to: number): void => void playback.seek(to);
  return {
    toggle: () => (state.playing ? playback.pause() : playback.play()),
    back: () => seek(position - 5_000),
    on: () => seek(position + 5_000),
    'far-back': () => seek(position - 60_000),
    'far-on': () => seek(position + 60_000),
    start: () => seek(0),
    end: () => seek(end),
    slower: () => playback.setSpeed(speedBeside(state.speed, -1)),
    faster: () => playback.setSpeed(speedBeside(state.speed, 1)),
    previous: () => seek(before(marks, position) ?? 0),
    next: () => seek(behind(marks, position) ?? end),
    'previous-hit': () => seek(before(hits, position) ?? position),
    'next-hit': () => seek(behind(hits, position) ?? position),
    idle: () => playback.setSkipIdle(!state.skipIdle),
    live: () => void playback.goLive(),
  };
}

function before(moments: readonly number[], position: number): number | undefined {
  return moments.findLast((at) => at < position - room);
}

function behind(moments: readonly number[], position: number): number | undefined {
  return moments.find((at) => at > position);
}
