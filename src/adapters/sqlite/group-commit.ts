import { Worker } from 'node:worker_threads';
import type { CheckpointSigner } from '../../application/audit/checkpoint.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { AppendOutcome, EncodedAppend, LogWarning } from './log-batch.ts';
import type { FromLogWorker, ToLogWorker } from './log-worker-messages.ts';

/** While one batch is being written the next one is on its way; more would only make answers late. */
const maxInFlight = 2;
/** Events in one batch, so that no transaction takes long. */
const maxBatchEvents = 1_000;
/** Appends that may wait; beyond that the disk is too slow for what is asked, and waiting would only eat memory. */
const maxWaiting = 10_000;

export interface GroupCommitOptions {
  readonly file: string;
  readonly signer: CheckpointSigner;
  readonly checkpointPaths: readonly string[];
  readonly onWarning: (warning: LogWarning) => void;
  /** Called after every batch that is durable, before its appends are answered. */
  readonly onCommit: () => void;
}

interface Waiting {
  readonly append: EncodedAppend;
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: Error) => void;
}

/** What the writer thread has and has not answered yet: a batch of appends, or a probe. */
interface InFlight {
  readonly appends: readonly Waiting[];
  readonly probe?: { readonly resolve: () => void; readonly reject: (error: Error) => void };
}

/** Hands appends to the writer thread, those that come together in one transaction. */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #worker: Worker | undefined;
  #waiting: Waiting[] = [];
  #inFlight: InFlight[] = [];
  #pumpPlanned = false;
  #closed = false;
  #restarting: Promise<void> | undefined;
  #drained: (() => void) | undefined;

  private constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Errors: `unavailable`, `log-unavailable` when the log can't be opened for writing. */
  static async open(options: GroupCommitOptions): Promise<GroupCommit> {
    const commit = new GroupCommit(options);
    await commit.#start();
    return commit;
  }

  async append(append: EncodedAppend): Promise<AppendOutcome> {
    if (this.#closed) throw logUnavailable('it is closed');
    if (this.#waiting.length >= maxWaiting) throw logUnavailable(`${maxWaiting} appends wait for the disk already`);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ append, resolve, reject });
      this.#planPump();
    });
  }

  /** Resolves when the writer could write durably just now; rejects as an append would. */
  async probe(): Promise<void> {
    if (this.#closed) throw logUnavailable('it is closed');
    if (this.#worker === undefined) await this.#restart();
    const worker = this.#worker;
    if (worker === undefined) throw logUnavailable('the writer thread does not start');
    await new Promise<void>((resolve, reject) => {
      this.#inFlight.push({ appends: [], probe: { resolve, reject } });
      this.#send(worker, { kind: 'probe' });
    });
  }

  /** Writes what waits, then the last checkpoint, then ends the thread. */
  async close(): Promise<void> {
    this.#closed = true;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
      this.#planPump();
    });
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    this.#send(worker, { kind: 'close' });
    await ended;
  }

  /** Once the running code has made all its appends: so that those of many callers go together. */
  #planPump(): void {
    if (this.#pumpPlanned) return;
    this.#pumpPlanned = true;
    setImmediate(() => {
      this.#pumpPlanned = false;
      this.#pump();
    });
  }

  #pump(): void {
    if (this.#waiting.length === 0 && this.#inFlight.length === 0) {
      this.#drained?.();
      return;
    }
    const worker = this.#worker;
    if (worker === undefined) {
      void this.#restart();
      return;
    }
    while (this.#inFlight.length < maxInFlight && this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      this.#inFlight.push({ appends: batch });
      this.#send(worker, { kind: 'batch', batch: batch.map(({ append }) => append) });
    }
  }

  #takeBatch(): Waiting[] {
    let events = 0;
    let count = 0;
    for (const { append } of this.#waiting) {
      events += append.ids.length;
      if (count > 0 && events > maxBatchEvents) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  #send(worker: Worker, message: ToLogWorker): void {
    worker.postMessage(message);
  }

  async #start(): Promise<void> {
    const { file, signer, checkpointPaths } = this.#options;
    const worker = new Worker(new URL('./log-worker.ts', import.meta.url), {
      workerData: { file, signer, checkpointPaths },
    });
    await new Promise<void>((resolve, reject) => {
      let failure: unknown = new Error('the writer thread ended at its start');
      worker.on('message', (message: FromLogWorker) => {
        if (message.kind === 'ready') this.#worker = worker;
        if (this.#worker === worker) this.#answer(message);
        else if (message.kind === 'failed') failure = new Error(message.error.message);
        if (message.kind === 'ready') resolve();
      });
      worker.on('error', (error) => {
        failure = error;
      });
      worker.on('exit', () => {
        if (this.#worker === worker) this.#lost(failure);
        reject(logUnavailable(failure instanceof Error ? failure.message : String(failure), failure));
      });
    });
  }

  /** The thread died: what it had is lost as far as anybody can tell; a new one is started for what comes. */
  #lost(error: unknown): void {
    this.#worker = undefined;
    const lost = this.#inFlight;
    this.#inFlight = [];
    for (const each of lost) refuse(each, logUnavailable('the writer thread ended', error));
    this.#planPump();
  }

  async #restart(): Promise<void> {
    this.#restarting ??= this.#start()
      .catch((error: unknown) => {
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const { reject } of waiting) reject(error as Error);
      })
      .finally(() => {
        this.#restarting = undefined;
        this.#planPump();
      });
    await this.#restarting;
  }

  #answer(message: FromLogWorker): void {
    if (message.kind === 'ready') return;
    if (message.kind === 'warning') {
      this.#options.onWarning(message.warning);
      return;
    }
    const batch = this.#inFlight.shift();
    if (batch === undefined) return;
    if (message.kind === 'failed') {
      refuse(batch, logUnavailable(message.error.message));
    } else if (batch.probe !== undefined) {
      batch.probe.resolve();
    } else {
      this.#options.onCommit();
      for (const [index, { resolve, reject }] of batch.appends.entries()) {
        const outcome = message.outcomes[index];
        if (outcome === undefined) reject(logUnavailable('the writer gave no answer'));
        else resolve(outcome);
      }
    }
    this.#planPump();
  }
}

function refuse({ appends, probe }: InFlight, error: Error): void {
  for (const { reject } of appends) reject(error);
  probe?.reject(error);
}

function logUnavailable(why: string, cause?: unknown): SallyportError {
  const message = `the event log can't be written: ${why}; nothing was done, try again once the disk has space and works`;
  return new SallyportError('unavailable', 'log-unavailable', message, { cause });
}
