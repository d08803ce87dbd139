import { type FSWatcher, watch } from 'node:fs';

/** Some file systems report no changes of other machines; then the reader looks by itself this often. */
const lookMilliseconds = 250;

export interface FileChanges {
  /** Resolves with true when the file may have changed since the last call, with false when the signal came. */
  next(): Promise<boolean>;
  stop(): void;
}

export function changesOf(path: string, signal: AbortSignal): FileChanges {
  let changed = false;
  let wake: (() => void) | undefined;
  const notice = (): void => {
    changed = true;
    wake?.();
  };
  const watcher = watcherOf(path, notice);
  signal.addEventListener('abort', notice);
  return {
    async next() {
      if (!changed) {
        const timer = setTimeout(notice, lookMilliseconds);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        clearTimeout(timer);
      }
      wake = undefined;
      changed = false;
      return !signal.aborted;
    },
    stop() {
      watcher?.close();
      signal.removeEventListener('abort', notice);
    },
  };
}

/** Undefined when the system gives no more watchers: then the timer alone wakes the reader. */
function watcherOf(path: string, notice: () => void): FSWatcher | undefined {
  try {
    return watch(path, { persistent: false }, notice).on('error', () => {});
  } catch {
    return undefined;
  }
}
