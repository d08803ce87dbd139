import { SallyportError } from '../../domain/kernel/errors.ts';

interface Lane {
  failures: number;
  waiting: number;
  lastAt: number;
  turn: Promise<void>;
}

const firstDelay = 100;
const longestDelay = 2_000;
const mostWaiting = 10;
const forgetAfter = 15 * 60_000;
const mostLanes = 10_000;

/**
 * Slows guessing (A9): attempts under one key run one after the other, each failure doubling the wait before the next, up
 * to 2 s; a success clears it. Keys are forgotten after 15 minutes, or the longest unused first when there are 10,000.
 */
export class AttemptBrake {
  readonly #lanes = new Map<string, Lane>();
  readonly #now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Runs `attempt`, which says whether it failed, when its turn has come. Error: kind `limit` when too many wait. */
  async run<T>(key: string, attempt: () => Promise<T>, failed: (result: T) => boolean): Promise<T> {
    const lane = this.#lane(key);
    if (lane.waiting >= mostWaiting) {
      throw new SallyportError(
        'limit',
        'too-many-attempts',
        'Too many logins of this user from here at once; wait a few seconds.',
      );
    }
    lane.waiting += 1;
    const before = lane.turn;
    const mine = Promise.withResolvers<undefined>();
    lane.turn = mine.promise;
    try {
      await before;
      await pause(this.#delay(lane));
      const result = await attempt();
      lane.failures = failed(result) ? lane.failures + 1 : 0;
      return result;
    } finally {
      lane.waiting -= 1;
      lane.lastAt = this.#now();
      mine.resolve(undefined);
    }
  }

  #delay(lane: Lane): number {
    return lane.failures === 0 ? 0 : Math.min(firstDelay * 2 ** (lane.failures - 1), longestDelay);
  }

  #lane(key: string): Lane {
    const now = this.#now();
    const known = this.#lanes.get(key);
    this.#lanes.delete(key);
    const fresh = known !== undefined && (known.waiting > 0 || now - known.lastAt < forgetAfter);
    const lane = fresh ? known : { failures: 0, waiting: 0, lastAt: now, turn: Promise.resolve() };
    this.#lanes.set(key, lane);
    for (const [oldest, { waiting }] of this.#lanes) {
      if (this.#lanes.size <= mostLanes) break;
      if (waiting === 0) this.#lanes.delete(oldest);
    }
    return lane;
  }
}

async function pause(milliseconds: number): Promise<void> {
  if (milliseconds > 0) await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
