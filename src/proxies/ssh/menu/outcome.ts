import type { Chosen } from './choices.ts';

/** How a menu ends: with a choice, or with the exit status of a person who left. */
export type Outcome =
  | { readonly type: 'chosen'; readonly chosen: Chosen }
  | { readonly type: 'left'; readonly code: number };

/** As a shell ends on an interrupt: 128 and the signal's number. */
export const interrupted: Outcome = { type: 'left', code: 130 };
export const left: Outcome = { type: 'left', code: 0 };
