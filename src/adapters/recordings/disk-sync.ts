import { fdatasync } from 'node:fs';
import { promisify } from 'node:util';

const syncFile = promisify(fdatasync);

/** Half of the 50 ms that a record may be in the kernel only; the other half is for the disk. */
const delayMilliseconds = 25;
/** At most so many syncs of all recordings at once: each holds one of the (by default four) threads of the pool. */
const atOnce = 3;
let running = 0;
const queue: (() => void)[] = [];

async function syncInTurn(file: number): Promise<void> {
  if (running >= atOnce) await new Promise<void>((resolve) => queue.push(resolve));
  else running += 1;
  try {
    await syncFile(file);
  } finally {
    const next = queue.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

/** Brings one file to the disk in the background; calls that come together share one sync. */
export interface DiskSync {
  /** Sees to it that what has been written so far is synced shortly. */
  soon(): void;
  /** Resolves when what has been written before the call is on the disk. */
  now(): Promise<void>;
  /** Forgets what `soon` has planned. */
  stop(): void;
  /** Resolves when no sync is under way, however it ended. */
  idle(): Promise<void>;
}

export function diskSync(file: number, onError: (error: unknown) => void): DiskSync {
  let timer: NodeJS.Timeout | undefined;
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  const begin = async (after: Promise<void> | undefined): Promise<void> => {
    // A sync that has begun may have missed the newest bytes: they need one that begins after it.
    await after?.catch(() => {});
    await Promise.resolve();
    current = next;
    next = undefined;
    try {
      await syncInTurn(file);
    } catch (error) {
      onError(error);
      throw error;
    }
  };
  const now = (): Promise<void> => {
    next ??= begin(current);
    return next;
  };
  return {
    now,
    soon() {
      timer ??= setTimeout(() => {
        timer = undefined;
        // The error has gone to onError.
        now().catch(() => {});
      }, delayMilliseconds);
    },
    stop() {
      clearTimeout(timer);
    },
    async idle() {
      await Promise.allSettled([current, next]);
    },
  };
}
