interface Tally {
  readonly since: number;
  readonly shares: Map<string, number>;
  total: number;
  /** Whether it has been said that the limit is reached. */
  told: boolean;
}

const mostKeys = 10_000;
const mostShares = 64;
/** What does not fit any more; no success takes it away. */
const restShare = '';

export interface Counted {
  readonly total: number;
  /** The limit was reached, for the first time in this window. */
  readonly reached: boolean;
}

/**
 * Failures by key, in windows that begin with a key's first failure; times are milliseconds on a clock that never goes back.
 * Each failure is some share's, so that a success takes away its own failures alone. Bounded: the key whose newest failure
 * lies longest ago goes first.
 */
export class Tallies {
  readonly #tallies = new Map<string, Tally>();
  readonly #limit: number;
  readonly #windowMilliseconds: number;

  constructor(limit: number, windowMilliseconds: number) {
    this.#limit = limit;
    this.#windowMilliseconds = windowMilliseconds;
  }

  add(key: string, share: string, at: number): Counted {
    const known = this.#standing(key, at);
    const tally = known ?? { since: at, shares: new Map<string, number>(), total: 0, told: false };
    const fits = tally.shares.has(share) || tally.shares.size < mostShares;
    const slot = fits ? share : restShare;
    tally.shares.set(slot, (tally.shares.get(slot) ?? 0) + 1);
    tally.total += 1;
    this.#tallies.delete(key);
    this.#tallies.set(key, tally);
    const [oldest] = this.#tallies.keys();
    if (this.#tallies.size > mostKeys && oldest !== undefined) this.#tallies.delete(oldest);
    const reached = !tally.told && tally.total >= this.#limit;
    tally.told ||= reached;
    return { total: tally.total, reached };
  }

  count(key: string, at: number): number {
    return this.#standing(key, at)?.total ?? 0;
  }

  clear(key: string, share: string): void {
    const tally = this.#tallies.get(key);
    if (tally === undefined || share === restShare) return;
    tally.total -= tally.shares.get(share) ?? 0;
    tally.shares.delete(share);
  }

  forget(key: string): void {
    this.#tallies.delete(key);
  }

  #standing(key: string, at: number): Tally | undefined {
    const tally = this.#tallies.get(key);
    return tally !== undefined && at - tally.since < this.#windowMilliseconds ? tally : undefined;
  }
}
