import type { Clock } from './ports/system.ts';
import type { EventLog } from './ports/event-log.ts';

/** Events further ahead of the wall clock than this raise an alarm (HOUSE.md, "Envelope"). */
const clockSkewMilliseconds = 30_000;

/**
 * Now is the later of the wall clock and the newest event's `at`, so that a clock set back never lengthens a right.
 * `onAhead` is told when the log is more than 30 s ahead of the clock.
 */
export function nowOf(
  log: EventLog,
  clock: Clock,
  onAhead: (newestEventAt: string, clockAt: string) => void,
): () => Promise<string> {
  return async () => {
    const newest = await log.newestAt();
    const wall = clock.wall();
    if (newest === null || newest <= wall) return wall;
    if (Date.parse(newest) - Date.parse(wall) > clockSkewMilliseconds) onAhead(newest, wall);
    return newest;
  };
}
