import type { LiveSession } from '../../../application/admission/door.ts';
import type { StatementRefused } from '../../../domain/session/events.ts';
import type { SessionRecords } from '../../kit/session-records.ts';
import type { Outcome } from './answers.ts';
import { Runs } from './runs.ts';
import type { Given, JudgedText, Statement } from './statement.ts';

/** What was executed is in the log at most so long after its answer, in milliseconds. */
const noteMilliseconds = 250;
/** Runs that wait for the log at the most; then nothing more is passed on until it has taken some. */
const mostRuns = 512;
/** Longest JSON in one record, in UTF-16 units, each up to six bytes of a part; what is longer is cut into parts. */
const longestRecord = 128 * 1024;

/** How a statement came: as a text, as the run of a prepared one, as a text to prepare, as the call of a function by its number, or as a cancel request. */
type Via = 'query' | 'execute' | 'prepare' | 'function' | 'cancel';

/** What the recording holds of the beginning of a statement. */
export interface Begin {
  readonly via: Via;
  readonly text: JudgedText | null;
  /** Of a prepared statement; null where only the fingerprint is kept. */
  readonly parameters?: readonly unknown[] | null;
  readonly more?: Readonly<Record<string, unknown>>;
  /** Of the portal that is run. */
  readonly given?: Given;
}

interface Ended {
  readonly n: number;
  readonly outcome: Outcome | 'unknown';
  readonly error: string | null;
  readonly rows: number;
  readonly bytes: number;
  readonly ms: number;
}

/**
 * The evidence of one session: each statement in the recording before it is passed on, its end with the next record, and
 * runs of statements as events. What can't be written ends the session (`SessionLife`); then nothing more is passed on.
 */
export class Journal {
  readonly #session: LiveSession;
  readonly #records: SessionRecords;
  /** What ended could not be noted. */
  readonly #failed: () => void;
  readonly #runs = new Runs();
  #number = 0;
  #ended: Ended[] = [];
  #timer: NodeJS.Timeout | undefined;
  #noting: Promise<void> | undefined;

  constructor(session: LiveSession, records: SessionRecords, failed: () => void) {
    this.#session = session;
    this.#records = records;
    this.#failed = failed;
  }

  /** Writes what is about to be passed on. The promise, if there is one, must be waited for before that. */
  begin({ via, text, parameters, more, given = { rows: 0, bytes: 0 } }: Begin): {
    readonly statement: Statement;
    readonly written: void | Promise<void>;
  } {
    this.#number += 1;
    const place = this.#records.next;
    const statement: Statement = {
      number: this.#number,
      kind: text?.kind ?? via,
      fingerprint: text?.fingerprint ?? null,
      verdict: text?.verdict === 'marked' ? 'marked' : 'allowed',
      place,
      begunAt: performance.now(),
      given,
      rows: 0,
      bytes: 0,
      rowsBefore: 0,
      completed: 0,
    };
    const record = {
      n: this.#number,
      via,
      ...(text === null ? {} : described(text)),
      ...(parameters === undefined || parameters === null ? {} : { parameters }),
      ...more,
    };
    return { statement, written: this.#write(record) };
  }

  /** A text that is about to be prepared. */
  prepared(text: JudgedText, name: string): void | Promise<void> {
    const more = name === '' ? {} : { name: Buffer.from(name, 'latin1').toString('utf8') };
    return this.#write({ via: 'prepare', ...described(text), ...more });
  }

  /** The answer is over; `unknown`: it was never seen. */
  finished(statement: Statement, outcome: Outcome | 'unknown', error: string | null): void {
    const milliseconds = performance.now() - statement.begunAt;
    const { kind, fingerprint, verdict, place, rows, bytes, number } = statement;
    this.#runs.add({ statement: kind, fingerprint, verdict, outcome, error, rows, bytes, milliseconds, place });
    this.#ended.push({ n: number, outcome, error, rows, bytes, ms: Math.round(milliseconds * 10) / 10 });
    this.#flushSoon();
  }

  /** A text that the database could not prepare, or not with these values: it was not run. */
  notPrepared({ kind, fingerprint, verdict }: JudgedText, error: string): void {
    const what = { statement: kind, fingerprint, verdict: verdict === 'marked' ? verdict : 'allowed' } as const;
    this.#runs.add({ ...what, outcome: 'failed', error, rows: 0, bytes: 0, milliseconds: 0, place: null });
    this.#flushSoon();
  }

  #flushSoon(): void {
    this.#timer ??= setTimeout(() => void this.flush().catch(this.#failed), noteMilliseconds);
  }

  /** In the recording and in the log before the person hears of it. */
  async refused(text: JudgedText, begin: Omit<Begin, 'text'>): Promise<void> {
    const { statement, written } = this.begin({ ...begin, text: { ...text, verdict: 'denied' } });
    await written;
    // What ended before it stands before it.
    await this.flush();
    const fact: StatementRefused['data'] = {
      statement: text.kind,
      fingerprint: text.fingerprint,
      reason: text.why?.rule ?? 'denied',
      detail: text.why?.message ?? null,
      recordOffset: statement.place,
    };
    await this.#session.statementsNoted({ type: 'StatementRefused', data: fact });
  }

  /** What must be waited for before more is passed on: the log is behind. */
  get behind(): Promise<void> | undefined {
    return this.#runs.length > mostRuns ? this.flush() : undefined;
  }

  /** Everything that ended so far is in the recording and in the log. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // One at a time: events of one session have an order.
    while (this.#noting !== undefined) await this.#noting;
    if (this.#ended.length > 0) await this.#write({});
    const runs = this.#runs.take();
    if (runs.length === 0) return;
    const noting = this.#session.statementsNoted({ type: 'StatementsExecuted', data: { runs } });
    this.#noting = noting.catch(() => undefined).then(() => void (this.#noting = undefined));
    await noting;
  }

  #write(record: Readonly<Record<string, unknown>>): void | Promise<void> {
    const ended = this.#ended;
    this.#ended = [];
    const text = JSON.stringify(ended.length === 0 ? record : { ...record, ended });
    if (text.length <= longestRecord) return this.#records.write('statement', 0, Buffer.from(text));
    return this.#writeParts(text);
  }

  /** JSON that is too long for one record: pieces of it, numbered, which together are the record. */
  async #writeParts(text: string): Promise<void> {
    const parts = Math.ceil(text.length / longestRecord);
    const records = Array.from({ length: parts }, (_, part) => {
      const piece = text.slice(part * longestRecord, (part + 1) * longestRecord);
      return Buffer.from(JSON.stringify({ part, parts, piece }));
    });
    // All in one go, so that nothing else gets in between.
    await Promise.all(records.map(async (record) => this.#records.write('statement', 0, record)));
  }
}

function described({ shown, kind, fingerprint, verdict, why }: JudgedText): Readonly<Record<string, unknown>> {
  return {
    ...(shown === null ? {} : { text: shown }),
    kind,
    ...(fingerprint === null ? {} : { fingerprint }),
    ...(verdict === 'allowed' ? {} : { verdict, why: why?.message ?? null }),
  };
}
