import { SallyportError } from '../../domain/kernel/errors.ts';
import type { UserId } from '../../domain/kernel/ids.ts';

const most = 10;
const forgetAfter = 10 * 60_000;
const mostPeople = 10_000;

/** Codes that were none, of each person: ten in ten minutes, so that nobody finds one that waits (RFC 8628, section 5.1). */
export class CodeGuesses {
  readonly #wrong = new Map<UserId, { count: number; readonly since: number }>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Errors: kind `limit` when it was wrong too often. */
  check(userId: UserId): void {
    if ((this.#known(userId)?.count ?? 0) < most) return;
    throw new SallyportError(
      'limit',
      'too-many-attempts',
      'Too many codes were wrong; wait ten minutes, then type the one that is shown where you log in.',
    );
  }

  wrong(userId: UserId): void {
    const known = this.#known(userId);
    if (known !== undefined) {
      known.count += 1;
      return;
    }
    this.#wrong.delete(userId);
    this.#wrong.set(userId, { count: 1, since: this.#clock() });
    const [oldest] = this.#wrong.keys();
    if (this.#wrong.size > mostPeople && oldest !== undefined) this.#wrong.delete(oldest);
  }

  #known(userId: UserId): { count: number } | undefined {
    const known = this.#wrong.get(userId);
    return known !== undefined && this.#clock() - known.since < forgetAfter ? known : undefined;
  }
}
