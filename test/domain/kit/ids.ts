import type { Category, StreamId } from '../../../src/domain/kernel/ids.ts';

/** A stream id that reads as what it is: `id('user', 7)` ends in …07. */
export function id<C extends Category>(category: C, number = 1): StreamId<C> {
  return `${category}-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** A moment so many milliseconds after the tests' beginning of time. */
export function time(milliseconds = 0): string {
  return new Date(Date.UTC(2026, 0, 5, 9, 0, 0) + milliseconds).toISOString();
}

const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
