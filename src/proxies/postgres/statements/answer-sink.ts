import { ProtocolError } from '../../../domain/kernel/errors.ts';
import type { PostgresChannels } from '../../../domain/policy/postgres-channels.ts';
import { backendType } from '../codec/backend.ts';
import { decodeBackend } from '../codec/backend-decode.ts';
import { encodeBackend } from '../codec/backend-encode.ts';
import { backendRules } from '../codec/backend-rules.ts';
import { headerBytes } from '../codec/reader.ts';
import type { LastWords } from '../goodbye.ts';
import type { Answers } from './answers.ts';
import type { Judge } from './judge.ts';
import type { Names } from './names.ts';
import type { Given, Portal, Statement } from './statement.ts';

/** What the answers are told apart by. Rows, COPY data and notifications pass. */
export const answerRules = backendRules([
  'authentication',
  'backendKeyData',
  'bindComplete',
  'closeComplete',
  'commandComplete',
  'copyBoth',
  'copyIn',
  'emptyQuery',
  'errorResponse',
  'functionResult',
  'noData',
  'parameterStatus',
  'parseComplete',
  'portalSuspended',
  'readyForQuery',
  'rowDescription',
]);

export interface AnswerTools {
  readonly answers: Answers;
  readonly judge: Judge;
  readonly portals: Names<Portal>;
  readonly rules: Pick<PostgresChannels, 'maxRows' | 'maxBytes'>;
  /** Asks the database to stop the statement at hand. */
  readonly stop: () => void;
}

/** SQLSTATE program_limit_exceeded. */
const limitExceeded = '54000';

/** Looks on while the database answers: whose answer it is, how many rows it has, and when it has too many. */
export class AnswerSink {
  readonly #tools: AnswerTools;
  /** A statement gave too much: nothing more of its command reaches the person but these words, once, in place of its end. */
  #withheld: LastWords | null = null;
  #told = false;

  constructor(tools: AnswerTools) {
    this.#tools = tools;
  }

  /** A piece of data that the client sends into a COPY. */
  took(size: number): void {
    const { current } = this.#tools.answers;
    if (current !== null) current.bytes += size - headerBytes;
  }

  /** A message that passes in pieces; false drops it. */
  passing(type: number, size: number): boolean {
    const { answers } = this.#tools;
    switch (type) {
      case backendType.dataRow:
        return this.#gives(size - headerBytes);
      case backendType.copyData:
        return this.#copies(size - headerBytes);
      case backendType.rowDescription:
        answers.described();
        break;
      case backendType.functionResult:
        answers.functionReturned();
        return this.#gives(size - headerBytes);
      case backendType.errorResponse:
        // Too long to be looked into; what we make fail ourselves never is.
        if (answers.failed('') !== null) throw tooLong();
        break;
      case backendType.copyIn:
      case backendType.parameterStatus:
        throw tooLong();
      case backendType.notification:
      case backendType.noticeResponse:
        return true;
    }
    return this.#withheld === null;
  }

  /** A whole message; gives what the person gets in its place. */
  message(message: Buffer): Buffer | null {
    const instead = this.#follow(message);
    if (this.#withheld === null) return instead;
    return this.#withhold(this.#withheld, message);
  }

  #follow(message: Buffer): Buffer | null {
    const { answers, judge } = this.#tools;
    switch (message[0]) {
      case backendType.parseComplete:
        answers.confirmed('parse');
        return message;
      case backendType.bindComplete:
        answers.confirmed('bind');
        return message;
      case backendType.closeComplete:
        answers.confirmed('close');
        return message;
      case backendType.rowDescription:
      case backendType.noData:
        answers.described();
        return message;
      case backendType.emptyQuery:
        answers.completed(null);
        return message;
      case backendType.portalSuspended:
        answers.suspended();
        return message;
      case backendType.copyIn:
        answers.takesData();
        return message;
      case backendType.functionResult:
        answers.functionReturned();
        this.#gives(message.length - headerBytes);
        return message;
      case backendType.readyForQuery:
        return this.#ready(message);
      default:
        break;
    }
    const read = decodeBackend(message);
    switch (read.type) {
      case 'command-complete':
        answers.completed(read.rows);
        return message;
      case 'error-response': {
        const refusal = answers.failed(read.fields.get('C') ?? '');
        return refusal === null ? message : errorOf(refusal);
      }
      case 'parameter-status':
        judge.reported(read.name, read.value);
        return message;
      default:
        throw new ProtocolError(
          'out-of-order',
          0,
          'a PostgreSQL server sent what does not belong into an open session',
        );
    }
  }

  #ready(message: Buffer): Buffer {
    const { answers, judge, portals } = this.#tools;
    answers.ready();
    if (answers.outstanding === 0) {
      judge.settled();
      // Portals end with their transaction; 'I' is idle.
      if (message[headerBytes] === 0x49) portals.clear();
    }
    return message;
  }

  /** A row, or what a function gave; false: it is one too many. */
  #gives(bytes: number): boolean {
    const { current } = this.#tools.answers;
    if (!this.#counts(current, bytes)) return false;
    current.rows += 1;
    current.bytes += bytes;
    return true;
  }

  /** A piece of a COPY, which is a row, or the lines before and behind them; how many rows they were the end says. */
  #copies(bytes: number): boolean {
    const { current } = this.#tools.answers;
    if (!this.#counts(current, bytes)) return false;
    current.bytes += bytes;
    return true;
  }

  #counts(current: Statement | null, bytes: number): current is Statement {
    if (this.#withheld !== null) return false;
    if (current === null)
      throw new ProtocolError('out-of-order', 0, 'a PostgreSQL server sent rows that nobody asked for');
    const { given } = current;
    given.rows += 1;
    given.bytes += bytes;
    this.#withheld = tooMuch(given, this.#tools.rules);
    if (this.#withheld === null) return true;
    this.#told = false;
    this.#tools.stop();
    return false;
  }

  #withhold(words: LastWords, message: Buffer): Buffer | null {
    switch (message[0]) {
      case backendType.parameterStatus:
        return message;
      case backendType.readyForQuery:
        this.#withheld = null;
        return this.#told ? message : Buffer.concat([errorOf(words), message]);
      case backendType.errorResponse:
      case backendType.commandComplete:
      case backendType.portalSuspended:
        if (this.#told) return null;
        this.#told = true;
        return errorOf(words);
      default:
        return null;
    }
  }
}

function tooLong(): ProtocolError {
  return new ProtocolError('length', 0, 'a PostgreSQL server sent a message that is too long to be read');
}

function tooMuch(given: Given, rules: AnswerTools['rules']): LastWords | null {
  const { maxRows, maxBytes } = rules;
  const hint = 'Ask for less at once, for example with LIMIT.';
  if (maxRows !== null && given.rows > maxRows) {
    return {
      code: limitExceeded,
      message: `the access policy lets a statement give ${maxRows} rows at the most`,
      hint,
    };
  }
  if (maxBytes !== null && given.bytes > maxBytes) {
    return {
      code: limitExceeded,
      message: `the access policy lets a statement give ${maxBytes} bytes of rows at the most`,
      hint,
    };
  }
  return null;
}

function errorOf({ code, message, hint }: LastWords): Buffer {
  return encodeBackend.errorResponse({ severity: 'ERROR', code, message, ...(hint === undefined ? {} : { hint }) });
}
