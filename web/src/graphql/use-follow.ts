import { useEffect, useRef, useState } from 'react';
import { follow, type FollowedEvent, type Freshness } from './follow.ts';

export interface FollowOptions {
  /** Null: not yet known, nothing is followed. */
  readonly after: string | null;
  readonly categories?: readonly string[];
  readonly types?: readonly string[];
  readonly onEvents: (events: readonly FollowedEvent[]) => void;
}

/** Follows the log for as long as the component stands; what is shown is stale unless this says `live`. */
export function useFollow({ after, categories, types, onEvents }: FollowOptions): Freshness {
  const [freshness, setFreshness] = useState<Freshness>('connecting');
  const tell = useRef(onEvents);
  useEffect(() => {
    tell.current = onEvents;
  });
  const wanted = JSON.stringify({ categories, types });
  useEffect(() => {
    if (after === null) return undefined;
    const stop = new AbortController();
    const filter = JSON.parse(wanted) as { categories?: string[]; types?: string[] };
    void follow({
      after,
      filter,
      onEvents: (events) => tell.current(events),
      onFreshness: setFreshness,
      signal: stop.signal,
    });
    return () => stop.abort();
  }, [after, wanted]);
  return freshness;
}
