import type { GuessedAt } from './events.ts';

/** Of what it is known already. */
export interface GuessingState {
  readonly noticed: readonly GuessedAt[];
}
