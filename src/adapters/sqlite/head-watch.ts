/** How often the file is looked at for what other processes appended, while somebody waits for it. */
const pollMilliseconds = 40;

/** Wakes those who wait for the log to grow: at once for this process, by a poll for others. */
export class HeadWatch {
  readonly #head: () => number;
  readonly #waiting = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #wakes = 0;

  constructor(head: () => number) {
    this.#head = head;
  }

  /** How often everybody was woken: what `beyond` is told, so that no wake between reading and waiting is lost. */
  get wakes(): number {
    return this.#wakes;
  }

  /** Resolves when the log may have grown beyond `place`, read after `wakes` wakes, or with the signal. */
  async beyond(place: number, wakes: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || wakes !== this.#wakes) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        if (this.#waiting.size === 0) clearInterval(this.#timer);
        resolve();
      };
      if (this.#waiting.size === 0) this.#poll(place);
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  /** Everybody looks again. */
  wake(): void {
    this.#wakes += 1;
    for (const wake of [...this.#waiting]) wake();
  }

  #poll(place: number): void {
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      // An error wakes too: whoever waits meets it in its own read.
      let head = Number.POSITIVE_INFINITY;
      try {
        head = this.#head();
      } catch {
        // Told by waking.
      }
      if (head > place) this.wake();
    }, pollMilliseconds);
  }
}
