import { ProtocolError } from '../../../domain/kernel/errors.ts';
import { Reader } from './reader.ts';

/**
 * What a client sends after its first packet ("Message Formats"). Buffers are views of the message. `text` and `reason` are
 * in the client's encoding; names have one character for each byte (latin1), so that no two names fall together: a name out
 * of a UTF-8 statement becomes one by `Buffer.from(name, 'utf8').toString('latin1')`. Formats: 0 text, 1 binary.
 */
export type FrontendMessage =
  | { readonly type: 'query'; readonly text: Buffer }
  | {
      readonly type: 'parse';
      readonly statement: string;
      readonly text: Buffer;
      /** Object ids of types; 0 is not said. */
      readonly parameterTypes: readonly number[];
    }
  | {
      readonly type: 'bind';
      readonly portal: string;
      readonly statement: string;
      /** None: all text. One: for all. Otherwise one for each, which the target checks. */
      readonly formats: readonly number[];
      readonly parameters: readonly (Buffer | null)[];
      readonly resultFormats: readonly number[];
    }
  | { readonly type: 'describe' | 'close'; readonly what: 'statement' | 'portal'; readonly name: string }
  /** 0 rows and fewer is all of them. */
  | { readonly type: 'execute'; readonly portal: string; readonly maxRows: number }
  | { readonly type: 'sync' | 'flush' | 'copy-done' | 'terminate' }
  | {
      readonly type: 'function-call';
      readonly functionId: number;
      readonly formats: readonly number[];
      readonly parameters: readonly (Buffer | null)[];
      readonly resultFormat: number;
    }
  | { readonly type: 'copy-data'; readonly data: Buffer }
  | { readonly type: 'copy-fail'; readonly reason: Buffer }
  /** PasswordMessage, GSSResponse, SASLInitialResponse or SASLResponse: what was asked before says which. */
  | { readonly type: 'authentication'; readonly data: Buffer };

/** The first bytes of the messages of a client. */
export const frontendType = {
  query: 0x51, // Q
  parse: 0x50, // P
  bind: 0x42, // B
  describe: 0x44, // D
  execute: 0x45, // E
  close: 0x43, // C
  sync: 0x53, // S
  flush: 0x48, // H
  functionCall: 0x46, // F
  copyData: 0x64, // d
  copyDone: 0x63, // c
  copyFail: 0x66, // f
  terminate: 0x58, // X
  authentication: 0x70, // p
} as const;

/** One whole message with its header. Errors: ProtocolError when it is cut, too long, or of no known type. */
export function decodeFrontend(message: Buffer): FrontendMessage {
  const read = Reader.ofMessage(message);
  const decoded = decodeBody(message[0], read);
  read.end();
  return decoded;
}

function decodeBody(type: number | undefined, read: Reader): FrontendMessage {
  switch (type) {
    case frontendType.query:
      return { type: 'query', text: read.text() };
    case frontendType.parse:
      return {
        type: 'parse',
        statement: read.name(),
        text: read.text(),
        parameterTypes: read.list(() => read.uint32()),
      };
    case frontendType.bind:
      return {
        type: 'bind',
        portal: read.name(),
        statement: read.name(),
        formats: read.list(() => read.int16()),
        parameters: read.list(() => read.value()),
        resultFormats: read.list(() => read.int16()),
      };
    case frontendType.describe:
      return { type: 'describe', what: statementOrPortal(read), name: read.name() };
    case frontendType.close:
      return { type: 'close', what: statementOrPortal(read), name: read.name() };
    case frontendType.execute:
      return { type: 'execute', portal: read.name(), maxRows: read.int32() };
    case frontendType.sync:
      return { type: 'sync' };
    case frontendType.flush:
      return { type: 'flush' };
    case frontendType.functionCall:
      return {
        type: 'function-call',
        functionId: read.uint32(),
        formats: read.list(() => read.int16()),
        parameters: read.list(() => read.value()),
        resultFormat: read.int16(),
      };
    case frontendType.copyData:
      return { type: 'copy-data', data: read.rest() };
    case frontendType.copyDone:
      return { type: 'copy-done' };
    case frontendType.copyFail:
      return { type: 'copy-fail', reason: read.text() };
    case frontendType.terminate:
      return { type: 'terminate' };
    case frontendType.authentication:
      return { type: 'authentication', data: read.rest() };
    default:
      throw new ProtocolError('unknown-type', 0, 'a message of a PostgreSQL client of a type that there is not');
  }
}

function statementOrPortal(read: Reader): 'statement' | 'portal' {
  const at = read.at;
  const letter = read.byte();
  if (letter === 0x53) return 'statement';
  if (letter === 0x50) return 'portal';
  throw new ProtocolError('kind', at, 'a PostgreSQL message is about neither a statement nor a portal');
}
