import { Worker } from 'node:worker_threads';
import { SallyportError } from '../../../domain/kernel/errors.ts';
import type { FoundScreen } from './screen-at.ts';
import type { FromScreenWorker, ToScreenWorker, Work } from './worker-messages.ts';

/** A worker with nothing to do ends after so long. */
const idleMilliseconds = 30_000;
/** The heap of one worker in MiB. Cells of terminals are outside of it: survey.ts bounds them. */
const memory = 512;

interface Waiting {
  readonly resolve: (screen: FoundScreen) => void;
  readonly reject: (error: Error) => void;
  readonly progress: ((done: number, of: number) => void) | undefined;
  readonly line: ((line: string) => void) | undefined;
}

/** One thread that computes screens, begun when it is needed; what is wished meanwhile waits for its turn. */
export class ScreenThread {
  readonly #niceness: number;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #number = 0;

  constructor(niceness: number) {
    this.#niceness = niceness;
  }

  /** Errors: kind `unavailable`, code `screen-failed`. */
  run(work: Work, progress?: (done: number, of: number) => void, line?: (line: string) => void): Promise<FoundScreen> {
    clearTimeout(this.#idle);
    this.#number += 1;
    const id = this.#number;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, progress, line });
      const message: ToScreenWorker = { ...work, id };
      this.#started().postMessage(message);
    });
  }

  /** The lines of a search as they are found. Whoever stops reading stops the search. */
  async *lines(work: Extract<Work, { kind: 'search' }>, signal: AbortSignal): AsyncGenerator<string> {
    const found: string[] = [];
    let wake = Promise.withResolvers<null>();
    const search = { over: false };
    const done = this.run(work, undefined, (line) => {
      found.push(line);
      wake.resolve(null);
    }).finally(() => (search.over = true));
    const id = this.#number;
    // It may fail while nobody waits for it.
    done.catch(() => null);
    const gone = Promise.withResolvers<null>();
    const leave = (): void => gone.resolve(null);
    signal.addEventListener('abort', leave);
    try {
      while (!signal.aborted) {
        yield* found.splice(0);
        if (search.over) {
          yield* found.splice(0);
          return;
        }
        wake = Promise.withResolvers();
        // It came while the ones before were taken.
        if (found.length > 0) continue;
        await Promise.race([wake.promise, done, gone.promise]);
      }
    } finally {
      signal.removeEventListener('abort', leave);
      if (!search.over) this.#cancel(id);
    }
  }

  #cancel(id: number): void {
    this.#waiting.delete(id);
    const message: ToScreenWorker = { kind: 'cancel', id };
    this.#worker?.postMessage(message);
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    await this.#worker?.terminate();
  }

  #started(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('./screen-worker.ts', import.meta.url), {
      workerData: { niceness: this.#niceness },
      resourceLimits: { maxOldGenerationSizeMb: memory },
    });
    worker.unref();
    worker.on('message', (message: FromScreenWorker) => this.#told(message));
    let failure = 'its thread ended';
    worker.on('error', (error: Error) => {
      failure = error.message;
    });
    worker.on('exit', () => {
      this.#worker = undefined;
      for (const { reject } of this.#waiting.values()) reject(failed(failure));
      this.#waiting.clear();
    });
    this.#worker = worker;
    return worker;
  }

  #told(message: FromScreenWorker): void {
    const one = this.#waiting.get(message.id);
    if (message.kind === 'progress') {
      one?.progress?.(message.done, message.of);
      return;
    }
    if (message.kind === 'line') {
      one?.line?.(message.line);
      return;
    }
    this.#waiting.delete(message.id);
    if (message.kind === 'failed') one?.reject(failed(message.message));
    else one?.resolve(message.screen);
    if (this.#waiting.size > 0) return;
    this.#idle = setTimeout(() => void this.#worker?.terminate(), idleMilliseconds).unref();
  }
}

function failed(why: string): SallyportError {
  return new SallyportError('unavailable', 'screen-failed', `the screen could not be computed: ${why}`);
}
