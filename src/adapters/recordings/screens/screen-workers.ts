import { Worker } from 'node:worker_threads';
import { SallyportError } from '../../../domain/kernel/errors.ts';
import type { FoundScreen } from './screen-at.ts';
import type { FromScreenWorker, ToScreenWorker, Work } from './worker-messages.ts';

/** A worker with nothing to do ends after so long. */
const idleMilliseconds = 30_000;
/** The heap of one worker in MiB. Cells of terminals are outside of it: survey.ts bounds them. */
const memory = 512;
/** Wishes that wait for one thread; further ones are refused. */
const mostWaiting = 64;

interface Waiting {
  readonly kind: Work['kind'];
  readonly resolve: (screen: FoundScreen) => void;
  readonly reject: (error: Error) => void;
  readonly wisher: Wisher;
}

/** Who wishes something, and what they are told meanwhile. */
interface Wisher {
  readonly progress?: (done: number, of: number) => void;
  readonly line?: (line: string) => void;
  /** They wish it no more: it is given up, begun or not. */
  readonly signal?: AbortSignal;
}

/** One thread that computes screens, begun when it is needed; what is wished meanwhile waits for its turn. */
export class ScreenThread {
  readonly #niceness: number;
  readonly #onProblem: (error: SallyportError) => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #number = 0;

  /** What went wrong inside, as the `cause` of what its wisher is told, is for the process log alone. */
  constructor(niceness: number, onProblem: (error: SallyportError) => void) {
    this.#niceness = niceness;
    this.#onProblem = onProblem;
  }

  /** Errors: kind `unavailable`, codes `screen-failed`, `screens-busy`. */
  async run(work: Work, wisher: Wisher = {}): Promise<FoundScreen> {
    this.#number += 1;
    const id = this.#number;
    const { signal } = wisher;
    if (signal?.aborted === true) throw left();
    if (this.#waiting.size >= mostWaiting) throw busy();
    clearTimeout(this.#idle);
    const { promise, resolve, reject } = Promise.withResolvers<FoundScreen>();
    const leave = (): void => {
      this.#cancel(id);
      reject(left());
    };
    signal?.addEventListener('abort', leave);
    this.#waiting.set(id, { kind: work.kind, resolve, reject, wisher });
    const message: ToScreenWorker = { ...work, id };
    this.#started().postMessage(message);
    return await promise.finally(() => signal?.removeEventListener('abort', leave));
  }

  /** Lines as they are found. Whoever stops reading stops the search. */
  async *lines(work: Extract<Work, { kind: 'search' | 'statements' }>, signal: AbortSignal): AsyncGenerator<string> {
    const found: string[] = [];
    let wake = Promise.withResolvers<null>();
    const search = { over: false };
    const line = (text: string): void => {
      found.push(text);
      wake.resolve(null);
    };
    const done = this.run(work, { line }).finally(() => (search.over = true));
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
    this.#rest();
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
    let failure = new Error('its thread ended');
    worker.on('error', (error: Error) => {
      failure = error;
    });
    worker.on('exit', () => {
      // Nothing waits for one that was left because it had nothing to do.
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      for (const one of this.#waiting.values()) this.#fail(one, failure);
      this.#waiting.clear();
    });
    this.#worker = worker;
    return worker;
  }

  #told(message: FromScreenWorker): void {
    const one = this.#waiting.get(message.id);
    if (message.kind === 'progress') {
      one?.wisher.progress?.(message.done, message.of);
      return;
    }
    if (message.kind === 'line') {
      one?.wisher.line?.(message.line);
      return;
    }
    this.#waiting.delete(message.id);
    if (message.kind === 'done') one?.resolve(message.screen);
    else if (one !== undefined) this.#fail(one, new Error(message.message));
    this.#rest();
  }

  /** The cause names files of this machine, which is not for whoever looks at a recording. */
  #fail({ kind, reject }: Waiting, cause: Error): void {
    const message = `${failures[kind]}; try again in a moment; why it failed stands in the process log, for an administrator`;
    const error = new SallyportError('unavailable', 'screen-failed', message, { cause });
    this.#onProblem(error);
    reject(error);
  }

  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#waiting.size > 0) return;
    this.#idle = setTimeout(() => {
      const worker = this.#worker;
      // What comes while it ends begins another one.
      this.#worker = undefined;
      void worker?.terminate();
    }, idleMilliseconds).unref();
  }
}

function busy(): SallyportError {
  const why = `${String(mostWaiting)} others wait for a screen or a search already; try again in a moment`;
  return new SallyportError('unavailable', 'screens-busy', why);
}

function left(): SallyportError {
  return new SallyportError('unavailable', 'screen-failed', 'nobody waits for it any more');
}

const failures: Readonly<Record<Work['kind'], string>> = {
  screen: 'the screen could not be computed',
  survey: 'the screens of this recording could not be computed',
  search: 'this recording could not be searched',
  statements: 'the statements of this recording could not be read',
};
