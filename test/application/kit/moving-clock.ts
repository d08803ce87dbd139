import type { Clock } from '../../../src/application/ports/system.ts';
import { plusMilliseconds } from '../../../src/domain/kernel/time.ts';

/** A clock that stands still until it is moved. */
export interface MovingClock extends Clock {
  move(milliseconds: number): void;
}

export function movingClock(start = '2026-01-02T03:04:05.000Z'): MovingClock {
  let at = start;
  return {
    wall: () => at,
    move: (milliseconds) => {
      at = plusMilliseconds(at, milliseconds);
    },
  };
}
