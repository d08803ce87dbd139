/** How often the file is looked at for what other processes appended, while somebody waits for it. */
const pollMilliseconds = 40;

/** Wakes those who wait for the log to grow: at once for this process, by a poll for others. */
export class HeadWatch {
  readonly #head: () => number;
  readonly #waiting = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;

  constructor(head: () => number) {
    this.#head = head;
  }

  /** Resolves when the log may have grown beyond `place`, or with the signal. Errors: those of reading the head. */
  async beyond(place: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#head() > place) return;
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
