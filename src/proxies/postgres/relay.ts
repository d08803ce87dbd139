import type { Duplex } from 'node:stream';
import type { LiveSession } from '../../application/admission/door.ts';
import type { StatementParser } from '../../application/ports/statement-parser.ts';
import type { TargetDatabase } from '../../application/ports/target-database.ts';
import { ProtocolError } from '../../domain/kernel/errors.ts';
import { within } from '../../application/within.ts';
import { guarded } from '../kit/guarded.ts';
import { sessionRecords } from '../kit/session-records.ts';
import { type Blame, blameOf } from './blame.ts';
import { CancelRequests } from './cancel-requests.ts';
import { encodeBackend } from './codec/backend-encode.ts';
import { MessageStream } from './codec/framing.ts';
import { frontendType } from './codec/frontend.ts';
import { encodeFrontend } from './codec/frontend-encode.ts';
import { openRules } from './codec/frontend-rules.ts';
import { MemoryShare, type MessageMemory, NoMemory } from './message-memory.ts';
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
  /** Throws nothing. */
  readonly broken: (blame: Blame) => void;
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
  readonly #room: MemoryShare;
  readonly #prepared: Names<Prepared>;
  readonly #portals: Names<Portal>;
  readonly #fromClient: MessageStream;
  readonly #fromTarget: MessageStream;
  /** How much is being recorded, logged or cancelled; nothing more of the client is taken until it is. */
  #waits = 0;
  #held: Buffer[] = [];
  /** The database was asked for what it has, since it is far behind. */
  #pressed = false;
  readonly #notices: Buffer[] = [];
  readonly #cancels: CancelRequests;
  #over = false;
  #atBoundary: (() => void) | undefined;
  /** Bytes from and to the client. */
  received = 0;
  sent = 0;

  constructor(
    client: Duplex,
    database: TargetDatabase,
    session: LiveSession,
    { parser, memory }: { readonly parser: StatementParser; readonly memory: MessageMemory },
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
    this.#cancels = new CancelRequests(journal, database);
    const answers = (this.#answers = new Answers({
      finished: (statement, outcome, sqlstate) => journal.finished(statement, outcome, sqlstate),
      notPrepared: (text, sqlstate) => journal.notPrepared(text, sqlstate),
    }));
    const portals = (this.#portals = new Names<Portal>(memory));
    const prepared = (this.#prepared = new Names<Prepared>(memory));
    this.#room = new MemoryShare(memory);
    const gate = new Gate({ judge, journal, answers, prepared, portals });
    this.#sink = new AnswerSink({ answers, judge, portals, rules, stop: () => this.#stopStatement() });
    this.#fromClient = new MessageStream(openRules, {
      message: (message) => this.#pass(gate, message),
      passing: (_type, size) => {
        this.#sink.took(size);
        return true;
      },
      room: (bytes) => {
        if (!this.#room.hold(bytes)) throw new NoMemory();
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

  /**
   * Someone else with this connection's cancel key wants the statement at hand to stop: the database hears of it before it
   * gets the next one, which is not meant.
   */
  cancel(source: string): void {
    if (this.#over) return;
    this.#waitFor(this.#cancels.pass(source), () => undefined);
  }

  /**
   * Nothing passes any more; what the database is at is stopped when it is not the client's own wish to go. Resolves when
   * what was seen so far is in the record and in the log, and last words may be written.
   */
  async end(stopped: boolean): Promise<void> {
    if (this.#over) return;
    this.#over = true;
    this.#client.pause();
    const isBusy = stopped && this.#answers.outstanding > 0 && !this.#target.destroyed;
    // It may fail long before anybody waits for it.
    const stop = isBusy ? this.#database.cancel().catch(() => undefined) : Promise.resolve();
    for (const statement of [...this.#answers.abandoned(), ...this.#cancels.abandoned()])
      this.#journal.finished(statement, 'unknown', null);
    const evidence = this.#journal.flush().catch(() => undefined);
    if (!this.#fromTarget.atBoundary) await this.#boundary();
    this.#target.pause();
    await evidence;
    await within(lastWordsMilliseconds, stop);
    this.#prepared.end();
    this.#portals.end();
    this.#room.hold(0);
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
    this.#pressed = false;
    this.#target.cork();
    try {
      took = this.#fromClient.push(chunk, () => this.#stands);
    } catch (error) {
      this.#events.broken(blameOf(error));
      return;
    } finally {
      this.#target.uncork();
    }
    if (took < chunk.length) this.#held.unshift(chunk.subarray(took));
    if (this.#stands) this.#stand();
    else this.#keepPace();
  }

  /** Nothing more is taken from the client now. */
  get #stands(): boolean {
    return this.#waiting || this.#over || this.#answers.areMany;
  }

  #stand(): void {
    this.#client.pause();
    if (this.#waiting || this.#over || this.#pressed) return;
    // Far behind, and it may keep its answers to itself until it is asked for them: by a Sync that can't come now, or by us.
    this.#pressed = true;
    this.#toTarget(encodeFrontend.flush());
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
    this.#answers.asked(message.length);
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
    while (!this.#stands && this.#held.length > 0) {
      const next = this.#held.shift();
      if (next !== undefined) this.#take(next);
    }
    if (this.#stands) this.#stand();
    if (this.#stands || this.#target.writableNeedDrain) return;
    // What was whole is with the target now.
    if (this.#fromClient.isBetween) this.#room.hold(0);
    this.#client.resume();
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
      this.#events.broken(error instanceof ProtocolError ? 'target' : blameOf(error));
      return;
    } finally {
      this.#client.uncork();
    }
    if (this.#client.isPaused()) this.#mayGoOn();
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
