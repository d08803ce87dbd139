import { SallyportError } from '../../domain/kernel/errors.ts';
import type { Position } from '../../domain/kernel/event.ts';

interface Waiter {
  readonly position: Position;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Who waits for a view to come to a position. Bounded by the deadlines of those who wait. */
export class Waiters {
  readonly #view: string;
  readonly #waiting = new Set<Waiter>();

  constructor(view: string) {
    this.#view = view;
  }

  /** Rejects with code `view-behind` when the deadline passes first. */
  async wait(position: Position, deadlineMilliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    let waiter: Waiter | undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        waiter = { position, resolve, reject };
        this.#waiting.add(waiter);
        timer = setTimeout(() => reject(this.#behind(deadlineMilliseconds)), deadlineMilliseconds);
      });
    } finally {
      clearTimeout(timer);
      if (waiter !== undefined) this.#waiting.delete(waiter);
    }
  }

  /** The view has applied everything up to `position`. */
  settle(position: Position): void {
    for (const waiter of this.#waiting) if (waiter.position <= position) waiter.resolve();
  }

  fail(error: SallyportError): void {
    for (const waiter of this.#waiting) waiter.reject(error);
  }

  #behind(milliseconds: number): SallyportError {
    const message = `the view ${this.#view} was not up to date within ${milliseconds} ms; nothing was decided, try again`;
    return new SallyportError('unavailable', 'view-behind', message);
  }
}

/** The view cannot be read, or cannot go on, at the moment; it tries again by itself. */
export function viewUnavailable(view: string, why: string, cause?: unknown): SallyportError {
  const message = `the view ${view} is not available: ${why}; it goes on by itself once that is mended`;
  return new SallyportError('unavailable', 'view-unavailable', message, { cause });
}
