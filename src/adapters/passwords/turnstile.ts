import { SallyportError } from '../../domain/kernel/errors.ts';

/** Lets `atOnce` pieces of work run and `waiting` more wait; whoever comes then is refused (kind `limit`). */
export function turnstile(atOnce: number, waiting: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: (() => void)[] = [];
  return async (work) => {
    if (running >= atOnce) {
      if (queue.length >= waiting) {
        throw new SallyportError(
          'limit',
          'too-many-password-checks',
          `${atOnce} password checks are running and ${waiting} are waiting; try again in a few seconds`,
        );
      }
      // The one who ends hands its place on, so that nobody who comes later slips in between.
      await new Promise<void>((resolve) => queue.push(resolve));
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
