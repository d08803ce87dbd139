import { ProtocolError, SallyportError } from '../../../domain/kernel/errors.ts';
import type { LastWords } from '../goodbye.ts';
import { type Change, noChange } from './names.ts';
import type { JudgedText, Statement } from './statement.ts';

/** What the database still owes an answer to, in the order in which it was sent. */
export type Expected =
  | {
      readonly op: 'query' | 'function';
      readonly statement: Statement | null;
      readonly refusal: LastWords | null;
      readonly change: Change;
    }
  | { readonly op: 'parse'; readonly text: JudgedText; readonly refusal: LastWords | null; readonly change: Change }
  | { readonly op: 'bind'; readonly text: JudgedText; readonly change: Change }
  | { readonly op: 'describe'; readonly text: JudgedText }
  | { readonly op: 'close'; readonly change: Change }
  | { readonly op: 'execute'; readonly statement: Statement; readonly change: Change }
  | { readonly op: 'sync' }
  /** The client's CopyDone or CopyFail, which is answered by nothing. */
  | { readonly op: 'copy-end' };

/** `asked`: bytes of all that was asked for up to it. `again`: so many more ends of COPY came right behind this one. */
type Queued = Expected & { asked?: number; again?: number };

/** So much may wait for its answer, in messages and in bytes; more is taken once some are answered. */
const mostOutstanding = 8192;
const mostOutstandingBytes = 4 * 1024 * 1024;

/** So many changes of names are kept behind an error, for what comes up to Sync to be named as its client means it. */
const mostTakenBack = 64;

/** What goes into the log of an error is no text of the target's own. */
const sqlstateForm = /^[0-9A-Z]{5}$/;

export type Outcome = 'done' | 'failed' | 'skipped';

export interface AnswerListener {
  finished(statement: Statement, outcome: Outcome, sqlstate: string | null): void;
  /** A text that failed before it was run: it can't be prepared, its values can't be read, or its name is unknown. */
  notPrepared(text: JudgedText, sqlstate: string): void;
}

/**
 * Follows the answers of a database ("Message Flow"), so that each statement gets its own: after an error in the extended
 * protocol everything up to the next Sync is skipped; while COPY takes data, Sync is not heard. A ProtocolError says that
 * the answers can't be told apart any more: then the record would be wrong, and the session has to end.
 */
export class Answers {
  #queue: Queued[] = [];
  #from = 0;
  /** COPY takes data: nothing but the client's end of it counts. */
  #copying = false;
  /** After an error nothing is heard up to a Sync that has not come yet. */
  #skipping = false;
  /** What was done to names by what is skipped, until Sync comes. */
  #toTakeBack: Change[] = [];
  #asked = 0;
  readonly #listener: AnswerListener;

  constructor(listener: AnswerListener) {
    this.#listener = listener;
  }

  get outstanding(): number {
    return this.#queue.length - this.#from;
  }

  /** A message of so many bytes is about to be expected an answer of. */
  asked(bytes: number): void {
    this.#asked += bytes;
  }

  /** The target is far behind: it may not want to, while its client does not read. */
  get areMany(): boolean {
    const { outstanding } = this;
    if (outstanding <= 1) return false;
    return outstanding > mostOutstanding || this.#asked - (this.#head()?.asked ?? this.#asked) > mostOutstandingBytes;
  }

  expect(expected: Expected): void {
    if (this.#skipping) {
      if (expected.op !== 'sync') {
        this.#skipped(expected);
        return;
      }
      this.#skipping = false;
      this.#takeBack(0);
    }
    if (this.#copying) {
      if (expected.op === 'copy-end') this.#copying = false;
      if (expected.op === 'copy-end' || expected.op === 'sync') return;
    }
    if (expected.op === 'copy-end' && this.#wasEnded()) return;
    if (this.#from > 1024) this.#compact();
    const queued: Queued = expected;
    queued.asked = this.#asked;
    this.#queue.push(queued);
  }

  /** An end of COPY is for what is before it, where one text may hold several; one for nothing is not answered. */
  #wasEnded(): boolean {
    if (this.outstanding === 0) return true;
    const last = this.#queue.at(-1);
    if (last?.op !== 'copy-end') return false;
    last.again = (last.again ?? 0) + 1;
    return true;
  }

  /** Whether the database hears nothing but COPY data and its end. */
  get isCopying(): boolean {
    return this.#copying;
  }

  /** The statement whose rows come now. */
  get current(): Statement | null {
    const head = this.#head();
    return head !== undefined && 'statement' in head ? head.statement : null;
  }

  /** ParseComplete, BindComplete, CloseComplete. */
  confirmed(op: 'parse' | 'bind' | 'close'): void {
    this.#take(op);
  }

  /** RowDescription or NoData; inside a simple query or after nothing was described it is part of the statement's answer. */
  described(): void {
    const head = this.#head();
    if (head?.op === 'describe') this.#from += 1;
    else if (head?.op !== 'query') throw unexpected();
  }

  /** CommandComplete, EmptyQueryResponse; `rows` as the tag counts them. */
  completed(rows: number | null): void {
    const head = this.#head();
    if ((head?.op !== 'query' && head?.op !== 'execute') || head.statement === null) throw unexpected();
    this.#copying = false;
    const { statement } = head;
    // What gave no rows says in its tag how many it touched.
    if (rows !== null && statement.rows === statement.rowsBefore) statement.rows += rows;
    statement.rowsBefore = statement.rows;
    statement.completed += 1;
    if (head.op === 'execute') this.#finishExecute();
  }

  /** PortalSuspended: as many rows as were asked for. */
  suspended(): void {
    this.#finishExecute();
  }

  functionReturned(): void {
    if (this.#head()?.op !== 'function') throw unexpected();
  }

  /** CopyInResponse. */
  takesData(): void {
    const head = this.#head();
    if (head?.op !== 'query' && head?.op !== 'execute') throw unexpected();
    const found = this.#queue.findIndex((each, index) => index > this.#from && each.op === 'copy-end');
    const until = found < 0 ? this.#queue.length : found;
    if (this.#queue.slice(this.#from + 1, until).some(({ op }) => op !== 'sync')) throw besidesData();
    const [end, ...rest] = this.#queue.slice(until);
    this.#copying = end === undefined;
    const more = end?.again === undefined || end.again === 0 ? [] : [{ ...end, again: end.again - 1 }];
    this.#queue = [head, ...more, ...rest];
    this.#from = 0;
  }

  /** ErrorResponse. Gives what the person is told instead, for what was refused here. */
  failed(given: string): LastWords | null {
    this.#copying = false;
    const sqlstate = sqlstateForm.test(given) ? given : 'XX000';
    const head = this.#head();
    // Outside of any command: the server is about to end the connection.
    if (head === undefined || head.op === 'sync') return null;
    const refusal = 'refusal' in head ? head.refusal : null;
    if (head.op === 'query' || head.op === 'function') {
      if (head.statement !== null) this.#listener.finished(head.statement, 'failed', sqlstate);
      head.change.undo(head.statement?.completed ?? 0);
      // ReadyForQuery follows, and nothing more of this command.
      this.#queue[this.#from] = { op: 'sync', ...(head.asked === undefined ? {} : { asked: head.asked }) };
      return refusal;
    }
    if (head.op === 'execute') this.#listener.finished(head.statement, 'failed', sqlstate);
    else if ('text' in head && refusal === null) this.#listener.notPrepared(head.text, sqlstate);
    this.#skipToSync(head);
    return refusal;
  }

  /** ReadyForQuery. */
  ready(): void {
    const head = this.#head();
    if (head?.op !== 'sync' && head?.op !== 'query' && head?.op !== 'function') throw unexpected();
    this.#from += 1;
    if (head.op !== 'sync') {
      head.change.stands();
      if (head.statement !== null) this.#listener.finished(head.statement, 'done', null);
    }
    this.#compact();
  }

  /** Whatever has no answer yet and gets none any more. */
  *abandoned(): Generator<Statement> {
    for (const each of this.#queue.slice(this.#from)) {
      if ('statement' in each && each.statement !== null) yield each.statement;
    }
    this.#queue = [];
    this.#from = 0;
  }

  /** Ends of COPY that nobody waited for are answered by nothing. */
  #head(): Queued | undefined {
    while (this.#queue[this.#from]?.op === 'copy-end') this.#from += 1;
    return this.#queue[this.#from];
  }

  #take(op: 'parse' | 'bind' | 'close'): void {
    const head = this.#head();
    if (head?.op !== op) throw unexpected();
    this.#from += 1;
    head.change.stands();
  }

  #finishExecute(): void {
    const head = this.#head();
    if (head?.op !== 'execute') throw unexpected();
    this.#from += 1;
    head.change.stands();
    this.#listener.finished(head.statement, 'done', null);
  }

  /** The failed one and all behind it, up to Sync. */
  #skipToSync(failed: Expected): void {
    for (let head = this.#head(); head !== undefined && head.op !== 'sync'; head = this.#head()) {
      this.#from += 1;
      if (head === failed) this.#takeBackLater(head);
      else this.#skipped(head);
    }
    this.#skipping = this.#head() === undefined;
    if (!this.#skipping) this.#takeBack(0);
    this.#compact();
  }

  #skipped(expected: Expected): void {
    this.#takeBackLater(expected);
    if ('statement' in expected && expected.statement !== null) {
      this.#listener.finished(expected.statement, 'skipped', null);
    }
  }

  #takeBackLater(expected: Expected): void {
    if (!('change' in expected) || expected.change === noChange) return;
    this.#toTakeBack.push(expected.change);
    this.#takeBack(mostTakenBack);
  }

  /** The oldest first, but for so many. */
  #takeBack(kept: number): void {
    for (const change of this.#toTakeBack.splice(0, Math.max(0, this.#toTakeBack.length - kept))) change.undo(0);
  }

  #compact(): void {
    if (this.#from === this.#queue.length) {
      this.#queue.length = 0;
      this.#from = 0;
    } else if (this.#from > 1024) {
      this.#queue = this.#queue.slice(this.#from);
      this.#from = 0;
    }
  }
}

/** Servers differ in how much they make of it, so that answers could not be told apart any more. */
export function besidesData(): SallyportError {
  return new SallyportError('invalid', 'out-of-place', 'a client sent something else while COPY takes its data');
}

function unexpected(): ProtocolError {
  return new ProtocolError('out-of-order', 0, 'a PostgreSQL server answered what nobody asked');
}
