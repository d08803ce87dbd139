type Loss = 'closed-by-target' | 'target-lost';

/** That a target went away by itself: told once, to those who listen then and to those who come later. */
export class TargetLoss {
  readonly #listeners = new Set<(reason: Loss) => void>();
  #gone: Loss | null = null;
  #expected = false;

  /** From here on its end is our doing. */
  expect(): void {
    this.#expected = true;
  }

  note(reason: Loss): void {
    if (this.#expected || this.#gone !== null) return;
    this.#gone = reason;
    for (const listener of this.#listeners) listener(reason);
  }

  /** It may have gone while the opening of its leg was being logged. */
  onLost(listener: (reason: Loss) => void): void {
    if (this.#gone === null) this.#listeners.add(listener);
    else listener(this.#gone);
  }
}
