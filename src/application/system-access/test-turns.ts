const mostAtOnce = 2;
const mostInAMinute = 10;
const minute = 60_000;

/** What the installation dials on an administrator's wish is bounded: nobody scans a network by it. */
export class TestTurns {
  readonly #clock: () => number;
  #running = 0;
  #began: number[] = [];

  /** Milliseconds that only rise. */
  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Null: not now. What is given ends the turn. */
  take(): (() => void) | null {
    const now = this.#clock();
    this.#began = this.#began.filter((at) => now - at < minute);
    if (this.#running >= mostAtOnce || this.#began.length >= mostInAMinute) return null;
    this.#began.push(now);
    this.#running += 1;
    return () => {
      this.#running -= 1;
    };
  }
}
