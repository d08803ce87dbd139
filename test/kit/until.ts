import { setTimeout as pause } from 'node:timers/promises';

type Falsy = false | null | undefined;

export interface UntilOptions {
  /** How long to wait in all; generous, since it is only spent when something is wrong. */
  readonly deadlineMs?: number;
  /** What is waited for, as it should read in the error. */
  readonly what: string;
}

/**
 * Calls `probe` until it gives something other than undefined, null or false, and returns that. A probe that throws
 * counts as "not yet"; its last error is the cause of the error thrown at the deadline.
 */
export async function until<T>(probe: () => T | Falsy | Promise<T | Falsy>, options: UntilOptions): Promise<T> {
  const deadlineMs = options.deadlineMs ?? 30_000;
  const start = performance.now();
  let cause: unknown;
  for (let waitMs = 2; ; waitMs = Math.min(waitMs * 1.5, 100)) {
    try {
      const value = await probe();
      if (value !== undefined && value !== null && value !== false) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() - start >= deadlineMs) {
      throw new Error(`gave up after ${String(deadlineMs)} ms waiting for ${options.what}`, { cause });
    }
    await pause(waitMs);
  }
}

/**
 * Waits until `check` does not throw any more: what a server notes of a client is there a moment after that client has
 * ended, or after it was answered.
 */
export async function soon(check: () => void): Promise<void> {
  await until(
    () => {
      check();
      return true;
    },
    { what: 'what is expected' },
  );
}
