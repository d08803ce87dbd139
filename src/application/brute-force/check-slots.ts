import { tooManyAtOnce } from './refusals.ts';

interface Lane {
  running: number;
  readonly waiting: Set<() => void>;
}

const mostWaiting = 256;

/**
 * How many checks of one network run at once: no more than may still fail there, so that many guesses sent together are
 * no more than the same ones one after the other.
 */
export class CheckSlots {
  readonly #lanes = new Map<string, Lane>();

  /**
   * Waits for a turn, and gives what ends it. `allowed` says how many may run now.
   * Errors: kind `limit`, when none comes in time or too many wait.
   */
  async take(network: string, allowed: () => number, milliseconds: number): Promise<() => void> {
    const lane = this.#lanes.get(network) ?? { running: 0, waiting: new Set() };
    this.#lanes.set(network, lane);
    if (lane.running < allowed()) lane.running += 1;
    else await this.#turn(network, lane, allowed, milliseconds);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      lane.running -= 1;
      this.#next(network, lane, allowed);
    };
  }

  async #turn(network: string, lane: Lane, allowed: () => number, milliseconds: number): Promise<void> {
    if (lane.waiting.size >= mostWaiting) throw tooManyAtOnce();
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        lane.waiting.delete(go);
        this.#next(network, lane, allowed);
        reject(tooManyAtOnce());
      }, milliseconds);
      const go = (): void => {
        clearTimeout(timer);
        resolve();
      };
      lane.waiting.add(go);
    });
  }

  #next(network: string, lane: Lane, allowed: () => number): void {
    for (const go of lane.waiting) {
      if (lane.running >= allowed()) return;
      lane.waiting.delete(go);
      lane.running += 1;
      go();
    }
    if (lane.running === 0) this.#lanes.delete(network);
  }
}
