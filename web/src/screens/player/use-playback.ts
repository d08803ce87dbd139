import { type RefObject, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Playback, type PlaybackState } from './playback.ts';
import type { Recording } from './recording.ts';
import type { RecordingIndex } from './shapes.ts';
import { Stage } from './stage.ts';

export interface UsedPlayback {
  /** Null until the stage stands. */
  readonly playback: Playback | null;
  readonly state: PlaybackState | null;
  readonly stage: Stage | null;
}

/** Plays a channel on a terminal inside `host`, from a moment on (in milliseconds), or what happens now. */
export function usePlayback(
  host: RefObject<HTMLElement | null>,
  recording: Recording,
  index: RecordingIndex,
  channel: number | null,
  from: number | 'live',
): UsedPlayback {
  const [made, setMade] = useState<{ readonly playback: Playback; readonly stage: Stage } | null>(null);
  const first = useRef(from);
  useEffect(() => {
    if (host.current === null || channel === null) return undefined;
    const stage = new Stage(host.current);
    const playback = new Playback(recording, stage, channel, index);
    setMade({ playback, stage });
    if (first.current === 'live') void playback.goLive();
    else void playback.seek(first.current);
    return () => {
      // Another channel is shown from the same moment.
      first.current = playback.state().position;
      playback.close();
      stage.dispose();
      setMade(null);
    };
  }, [host, recording, index, channel]);
  const state = useSyncExternalStore(made?.playback.subscribe ?? never, made?.playback.state ?? nothing);
  return { playback: made?.playback ?? null, stage: made?.stage ?? null, state };
}

const never = (): (() => void) => () => undefined;
const nothing = (): null => null;
