import { SallyportError } from '../../domain/kernel/errors.ts';
import type { Position } from '../../domain/kernel/event.ts';

/** Enough for every integer that a number holds exactly. */
const digits = 16;

/** Places are counted from 1; 0 stands before the first event. */
export function positionOf(place: number): Position {
  return String(place).padStart(digits, '0');
}

/** The place that a position names; null is before the first event. Errors: `invalid`, `bad-position`. */
export function placeOf(position: Position | null): number {
  if (position === null) return 0;
  const place = /^\d{16}$/.test(position) ? Number(position) : Number.NaN;
  if (Number.isSafeInteger(place)) return place;
  throw new SallyportError(
    'invalid',
    'bad-position',
    'this is no position of the log: take one from an event or from head()',
  );
}
