import type { UserId } from '../../domain/kernel/ids.ts';
import { Tallies } from '../brute-force/tallies.ts';

/** Refused tickets of one person in a window, in milliseconds, after which none of theirs is looked at for a while. */
const most = 10;
const windowMilliseconds = 15 * 60_000;
const refusalMilliseconds = 60_000;

/**
 * Bounds how many refused tickets somebody who is logged in can have written to the log, as the brake on guessing does
 * with networks (A9). Nobody guesses 256 bits, so that it counts here alone, by person, however many logins they have.
 */
export class TicketBrake {
  readonly #tallies = new Tallies(most, windowMilliseconds);
  /** Until when, on the clock. */
  readonly #refused = new Map<UserId, number>();
  readonly #clock: () => number;

  /** `clock` never goes back, and counts milliseconds. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Whether nothing of this person's is looked at now. */
  refuses(userId: UserId): boolean {
    if (this.#clock() < (this.#refused.get(userId) ?? Number.NEGATIVE_INFINITY)) return true;
    this.#refused.delete(userId);
    return false;
  }

  /** One more was refused; true when from here on none is looked at. */
  failed(userId: UserId): boolean {
    const now = this.#clock();
    if (!this.#tallies.add(userId, '', now).reached) return false;
    this.#tallies.forget(userId);
    this.#refused.set(userId, now + refusalMilliseconds);
    return true;
  }
}
