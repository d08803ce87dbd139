import { createSecretKey } from 'node:crypto';
import type { Computing } from '../../../application/ports/replays.ts';
import { SallyportError } from '../../../domain/kernel/errors.ts';
import type { RecordingFile } from '../file-recordings.ts';
import { recordingReader } from '../reader.ts';
import { ScreenThread } from '../screens/screen-workers.ts';

/** The lowest priority: nobody who works waits for it. */
const niceness = 19;
/** Below this a seek goes through the whole recording quickly enough. */
const worthwhile = { bytes: 2 << 20, records: 40_000 };
/** What failed rests so long, in milliseconds, twice as long after each further failure, up to the longest. */
const shortestRest = 30_000;
const longestRest = 3_600_000;
/** Failures that are remembered. */
const mostFailed = 1_024;

interface Failure {
  readonly cause: unknown;
  readonly rest: number;
  readonly until: number;
}

/** Surveys that run or wait for their turn, one for each recording. */
export class Surveys {
  readonly #thread: ScreenThread;
  readonly #running = new Map<string, Computing>();
  readonly #failed = new Map<string, Failure>();
  /** Milliseconds of a clock that only goes forward. */
  readonly #now: () => number;

  constructor(now: () => number, onProblem: (error: SallyportError) => void) {
    this.#now = now;
    this.#thread = new ScreenThread(niceness, onProblem);
  }

  /**
   * Begins one unless there is one, and tells how far it is.
   * Error: kind `unavailable`, code `screens-failed`, while one that failed rests.
   */
  begin(file: RecordingFile): Computing {
    const running = this.#running.get(file.uuid);
    if (running !== undefined) return running;
    const failure = this.#failed.get(file.uuid);
    if (failure !== undefined && this.#now() < failure.until) throw resting(failure, this.#now());
    this.#running.set(file.uuid, { done: 0, of: 0 });
    const progress = (done: number, of: number): void => void this.#running.set(file.uuid, { done, of });
    this.#thread
      .run({ kind: 'survey', file }, { progress })
      .then(
        () => void this.#failed.delete(file.uuid),
        (error: unknown) => this.#rest(file.uuid, error),
      )
      .finally(() => this.#running.delete(file.uuid))
      .catch(() => null);
    return { done: 0, of: 0 };
  }

  async prepare(file: RecordingFile): Promise<void> {
    const chunks = await recordingReader(file.path, file.uuid, createSecretKey(file.key)).chunks();
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
    const records = chunks.reduce((sum, chunk) => sum + chunk.records, 0);
    if (bytes > worthwhile.bytes || records > worthwhile.records) this.begin(file);
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }

  #rest(uuid: string, cause: unknown): void {
    // It was never begun.
    if (cause instanceof SallyportError && cause.code === 'screens-busy') return;
    const before = this.#failed.get(uuid)?.rest ?? shortestRest / 2;
    const rest = Math.min(before * 2, longestRest);
    this.#failed.delete(uuid);
    this.#failed.set(uuid, { cause, rest, until: this.#now() + rest });
    if (this.#failed.size > mostFailed) this.#failed.delete(this.#failed.keys().next().value ?? uuid);
  }
}

/** What went wrong names files of this machine, which is not for whoever looks at a recording. */
function resting({ cause, until }: Failure, now: number): SallyportError {
  const retryAfterSeconds = Math.ceil((until - now) / 1_000);
  const message = `The screens of this recording could not be computed; that is tried again in ${String(retryAfterSeconds)} s. What happened, the search and the downloads are there meanwhile.`;
  return new SallyportError('unavailable', 'screens-failed', message, { cause, retryAfterSeconds });
}
