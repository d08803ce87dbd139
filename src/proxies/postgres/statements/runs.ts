import type { StatementRun } from '../../../domain/session/statement-run.ts';

type Counted = Omit<StatementRun, 'count' | 'firstRecord' | 'lastRecord'> & { readonly place: number | null };

type Run = { -readonly [K in keyof StatementRun]: StatementRun[K] };

/** Collects what was executed: the same statement with the same end again and again is one run (a loop of ten thousand is one line). */
export class Runs {
  #runs: Run[] = [];

  get length(): number {
    return this.#runs.length;
  }

  add({ place, ...counted }: Counted): void {
    const last = this.#runs.at(-1);
    if (last === undefined || !isSame(last, counted)) {
      this.#runs.push({ ...counted, count: 1, firstRecord: place, lastRecord: place });
      return;
    }
    last.count += 1;
    last.rows += counted.rows;
    last.bytes += counted.bytes;
    last.milliseconds += counted.milliseconds;
    last.lastRecord = place;
  }

  /** Everything so far, in whole milliseconds; the next one begins a new run. */
  take(): readonly StatementRun[] {
    const runs = this.#runs;
    this.#runs = [];
    for (const run of runs) run.milliseconds = Math.round(run.milliseconds);
    return runs;
  }
}

function isSame(run: Run, counted: Omit<Counted, 'place'>): boolean {
  return (
    run.fingerprint === counted.fingerprint &&
    run.statement === counted.statement &&
    run.verdict === counted.verdict &&
    run.outcome === counted.outcome &&
    run.error === counted.error
  );
}
