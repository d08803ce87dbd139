import type { Duplex } from 'node:stream';
import type { LiveSession } from '../../application/admission/door.ts';
import type { StatementParser } from '../../application/ports/statement-parser.ts';
import type { TargetDatabase } from '../../application/ports/target-database.ts';
import { ProtocolError, SallyportError } from '../../domain/kernel/errors.ts';
import { guarded } from '../kit/guarded.ts';
import { sessionRecords } from '../kit/session-records.ts';
import { encodeBackend } from './codec/backend-encode.ts';
import { MessageStream } from './codec/framing.ts';
import { frontendType } from './codec/frontend.ts';
import { openRules } from './codec/frontend-rules.ts';
import { AnswerSink, answerRules } from './statements/answer-sink.ts';
import { Answers } from './statements/answers.ts';
import { Gate } from './statements/gate.ts';
import { Journal } from './statements/journal.ts';
import { Judge } from './statements/judge.ts';
import { Names } from './statements/names.ts';
import type { Portal, Prepared } from './statements/statement.ts';

export interface RelayEvents {
  /** The client said goodbye. */
  readonly left: () => void;
  /** `blame`: whose bytes could not be read; ours is also what can't be recorded or logged. Throws nothing. */
  readonly broken: (blame: 'client' | 'target' | 'us') => void;
}

/** How long the client may take to read up to the end of a message, so that last words can follow, in milliseconds. */
const lastWordsMilliseconds = 500;

/**
 * One open session between its two sockets. What the person sends goes through the gate, what the database answers past
 * the answers; the rest is relayed as it came, each side no faster than the other reads.
 */
export class Relay {
  readonly #client: Duplex;
  readonly #target: Duplex;
  readonly #session: LiveSession;
  readonly #database: TargetDatabase;
  readonly #events: RelayEvents;
  readonly #journal: Journal;
  readonly #answers: Answers;
  readonly #sink: AnswerSink;
  readonly #fromClient: MessageStream;
  readonly #fromTarget: MessageStream;
  /** How much is being recorded, logged or cancelled; nothing more of the client is taken until it is. */
  #waits = 0;
  #held: Buffer[] = [];
  readonly #notices: Buffer[] = [];
  #over = false;
  #atBoundary: (() => void) | undefined;
  /** Bytes from and to the client. */
  received = 0;
  sent = 0;

  constructor(
    client: Duplex,
    database: TargetDatabase,
    session: LiveSession,
    parser: StatementParser,
    events: RelayEvents,
  ) {
    this.#client = client;
    this.#target = database.stream;
    this.#session = session;
    this.#database = database;
    this.#events = events;
    const rules = session.authorized.channels.postgres;
    const judge = new Judge(rules, parser);
    for (const [name, value] of database.parameters) judge.reported(name, value);
    const journal = (this.#journal = new Journal(session, sessionRecords(session), () => events.broken('us')));
    const answers = (this.#answers = new Answers({
      finished: (statement, outcome, sqlstate) => journal.finished(statement, outcome, sqlstate),
      notPrepared: (text, sqlstate) => journal.notPrepared(text, sqlstate),
    }));
    const portals = new Names<Portal>();
    const gate = new Gate({ judge, journal, answers, prepared: new Names<Prepared>(), portals });
    this.#sink = new AnswerSink({ answers, judge, portals, rules, stop: () => this.#stopStatement() });
    this.#fromClient = new MessageStream(openRules, {
      message: (message) => this.#pass(gate, message),
      passing: (_type, size) => {
        this.#sink.took(size);
        return true;
      },
      forward: (bytes) => this.#toTarget(bytes),
    });
    this.#fromTarget = new MessageStream(answerRules, {
      message: (message) => this.#sink.message(message),
      passing: (type, size) => this.#sink.passing(type, size),
      forward: (bytes) => this.#toClient(bytes),
    });
  }

  /** From here on both sockets belong to the relay. */
  begin(): void {
    const safely = (act: () => void): void => guarded(act, () => this.#events.broken('us'));
    this.#client.on('data', (chunk: Buffer) => safely(() => this.#hear(chunk)));
    this.#target.on('data', (chunk: Buffer) => safely(() => this.#answer(chunk)));
    this.#client.on('drain', () => this.#target.resume());
    this.#target.on('drain', () => safely(() => this.#mayGoOn()));
    if (this.#database.early.length > 0) this.#answer(this.#database.early);
    this.#target.resume();
    this.#mayGoOn();
  }

  /** A word to the person that ends nothing. */
  notice(message: string): void {
    if (this.#over) return;
    this.#notices.push(encodeBackend.noticeResponse({ severity: 'WARNING', code: '01000', message }));
    this.#sayNotices();
  }

  /** Someone else with this connection's cancel key wants the statement at hand to stop; on the record before the database hears of it. */
  async cancel(source: string): Promise<void> {
    if (this.#over) return;
    const { statement, written } = this.#journal.begin({ via: 'cancel', text: null, more: { source } });
    await written;
    try {
      await this.#database.cancel();
      this.#journal.finished(statement, 'done', null);
    } catch {
      // Nobody is told: a cancel request has no answer. The record says that it did not get there.
      this.#journal.finished(statement, 'failed', null);
    }
  }

  /** Nothing passes any more. Resolves when what was seen so far is in the record and in the log, and last words may be written. */
  async end(): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#client.pause();
    for (const statement of this.#answers.abandoned()) this.#journal.finished(statement, 'unknown', null);
    const evidence = this.#journal.flush().catch(() => undefined);
    if (!this.#fromTarget.atBoundary) await this.#boundary();
    this.#target.pause();
    await evidence;
  }

  /** Whether the client has read whole messages only, so that one of ours can be told from a row. */
  get atBoundary(): boolean {
    return this.#fromTarget.atBoundary;
  }

  async #boundary(): Promise<void> {
    const reached = Promise.withResolvers<undefined>();
    this.#atBoundary = () => reached.resolve(undefined);
    const timer = setTimeout(() => reached.resolve(undefined), lastWordsMilliseconds);
    await reached.promise;
    clearTimeout(timer);
  }

  get #waiting(): boolean {
    return this.#waits > 0;
  }

  #hear(chunk: Buffer): void {
    if (this.#over) return;
    this.received += chunk.length;
    this.#session.received(chunk.length);
    if (this.#waiting || this.#held.length > 0) this.#held.push(chunk);
    else this.#take(chunk);
  }

  #take(chunk: Buffer): void {
    let took: number;
    this.#target.cork();
    try {
      took = this.#fromClient.push(chunk, () => this.#waiting || this.#over);
    } catch (error) {
      this.#events.broken(isOfTheClient(error) ? 'client' : 'us');
      return;
    } finally {
      this.#target.uncork();
    }
    if (took < chunk.length) this.#held.unshift(chunk.subarray(took));
    if (this.#waiting) this.#client.pause();
    else this.#keepPace();
  }

  /** The log may be behind with what was executed; then the person waits for it. */
  #keepPace(): void {
    const behind = this.#journal.behind;
    if (behind !== undefined) this.#waitFor(behind, () => undefined);
  }

  #pass(gate: Gate, message: Buffer): Buffer | null {
    if (message[0] === frontendType.terminate) {
      this.#waits += 1;
      this.#events.left();
      return null;
    }
    const passed = gate.pass(message);
    if (passed instanceof Uint8Array) return passed;
    this.#waitFor(passed, (bytes) => this.#toTarget(bytes));
    return null;
  }

  #waitFor<T>(promise: Promise<T>, then: (value: T) => void): void {
    this.#waits += 1;
    this.#client.pause();
    const goOn = (value: T): void => {
      this.#waits -= 1;
      if (this.#over) return;
      then(value);
      this.#mayGoOn();
    };
    promise.then(goOn).catch(() => this.#events.broken('us'));
  }

  #mayGoOn(): void {
    while (!this.#waiting && !this.#over && this.#held.length > 0) {
      const next = this.#held.shift();
      if (next !== undefined) this.#take(next);
    }
    if (!this.#waiting && !this.#over && !this.#target.writableNeedDrain) this.#client.resume();
  }

  #toTarget(bytes: Buffer): void {
    if (!this.#target.write(bytes)) this.#client.pause();
  }

  #answer(chunk: Buffer): void {
    if (this.#over && this.#fromTarget.atBoundary) return;
    this.#client.cork();
    try {
      this.#fromTarget.push(chunk, () => this.#over);
    } catch (error) {
      this.#events.broken(error instanceof ProtocolError ? 'target' : 'us');
      return;
    } finally {
      this.#client.uncork();
    }
    if (this.#fromTarget.atBoundary) {
      this.#sayNotices();
      this.#atBoundary?.();
    }
  }

  #toClient(bytes: Buffer): void {
    this.sent += bytes.length;
    this.#session.sent(bytes.length);
    if (!this.#client.write(bytes)) this.#target.pause();
  }

  #sayNotices(): void {
    if (!this.#fromTarget.atBoundary) return;
    for (const notice of this.#notices.splice(0)) this.#toClient(notice);
  }

  /** A statement gave more than it may: the database is asked to stop it, and has heard that before it gets the next one. */
  #stopStatement(): void {
    const asked = this.#database.cancel().catch(() => undefined);
    this.#waitFor(asked, () => undefined);
  }
}

/** Bytes that can't be read, or a message that has no place in an open session. */
function isOfTheClient(error: unknown): boolean {
  return error instanceof ProtocolError || (error instanceof SallyportError && error.code === 'out-of-place');
}
