import { endMessage } from '../admission/end-messages.ts';
import type { Terminations } from '../admission/terminations.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { ProcessLog } from '../ports/system.ts';

const probeMilliseconds = 2_000;
/** A disk may hang instead of failing: a probe that takes so long has failed. */
const longestProbeMilliseconds = 2_500;
/** Two failed probes in a row: within the 10 s after which nothing may go on without a log (L4). */
const failuresUntilCut = 2;

/** Watches that the log can be written. While it can't, nothing opens, and open sessions end; it heals by itself. */
export class LogHealth {
  readonly #log: EventLog;
  readonly #terminations: Terminations;
  readonly #processLog: ProcessLog;
  readonly #storage: () => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #stopped = false;

  /** `storage` rejects when recordings and secrets could not be written now. */
  constructor(log: EventLog, storage: () => Promise<void>, terminations: Terminations, processLog: ProcessLog) {
    this.#log = log;
    this.#storage = storage;
    this.#terminations = terminations;
    this.#processLog = processLog;
  }

  watch(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => void this.#look().finally(() => this.watch()), probeMilliseconds).unref();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Why nothing can be opened now; empty when it can. */
  async reasons(): Promise<readonly string[]> {
    const [storage] = await Promise.allSettled([this.#storage(), this.#look()]);
    return [
      ...(this.#failures === 0 ? [] : ['the event log cannot be written: check the disk of the data folder']),
      ...(storage.status === 'fulfilled' ? [] : ['the data folder takes no new files: its disk is full or broken']),
    ];
  }

  async #look(): Promise<void> {
    try {
      await inTime(this.#log.probe());
      if (this.#failures > 0) this.#processLog.info('the event log can be written again');
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      if (this.#failures === 1) this.#processLog.error('the event log cannot be written', { error: String(error) });
      if (this.#failures < failuresUntilCut) return;
      this.#terminations.terminate('all', 'log-unavailable', endMessage('log-unavailable'));
    }
  }
}

async function inTime(probe: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const give = (): void => reject(new Error(`no answer within ${String(longestProbeMilliseconds)} ms`));
    timer = setTimeout(give, longestProbeMilliseconds);
  });
  try {
    await Promise.race([probe, late]);
  } finally {
    clearTimeout(timer);
  }
}
