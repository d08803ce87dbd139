import type { Socket } from 'node:net';
import {
  type BindRequest,
  type BindResponse,
  type ExtendedRequest,
  type ExtendedResponse,
  MessageParser,
  SearchEntry,
  SearchReference,
  type SearchRequest,
  type SearchResponse,
} from 'ldapts';
import { DirectoryError } from './errors.ts';
import { makeFraming } from './framing.ts';

type Request = BindRequest | ExtendedRequest | SearchRequest;
type Result = Pick<BindResponse | ExtendedResponse | SearchResponse, 'status' | 'errorMessage' | 'controls'>;

/** All a server says to one request. Its references to other servers are counted, not followed (security rule A3). */
export interface Answer {
  readonly entries: readonly SearchEntry[];
  readonly references: number;
  readonly result: Result;
}

/**
 * One request at a time over one socket. ldapts' own Client is not used: it connects again by itself, in clear after
 * StartTLS; it takes an answer of any size; and it takes an empty page for the last one.
 */
export interface Wire {
  /** Rejects with DirectoryError when the socket ends, the signal fires or the answer is none. */
  ask(request: Request, signal: AbortSignal): Promise<Answer>;
  /** Gives the socket back, when not a byte too much has come over it. */
  release(): Socket;
  close(): void;
}

interface Asked {
  readonly request: Request;
  readonly entries: SearchEntry[];
  references: number;
  readonly done: (answer: Answer) => void;
  readonly fail: (error: Error) => void;
}

export function makeWire(socket: Socket): Wire {
  const framing = makeFraming();
  const parser = new MessageParser();
  let asked: Asked | null = null;
  let lost: Error | null = null;
  let lastId = 0;

  const lose = (error: Error): void => {
    lost ??= error;
    socket.destroy();
    asked?.fail(lost);
    asked = null;
  };
  const take = (message: Result & { readonly messageId: number; readonly protocolOperation: number }): void => {
    // Number 0 is a notice that the server hangs up (RFC 4511 section 4.4.1).
    if (message.messageId === 0) lose(new DirectoryError('unavailable', 'the server ended the connection'));
    else if (asked?.request.messageId !== message.messageId) {
      lose(new DirectoryError('untrusted', 'the server answered what it was not asked'));
    } else if (message instanceof SearchEntry) asked.entries.push(message);
    else if (message instanceof SearchReference) asked.references += 1;
    else if (message.protocolOperation !== answerTo(asked.request)) {
      lose(new DirectoryError('untrusted', 'the server answered with a result of another kind'));
    } else {
      const { entries, references, done } = asked;
      asked = null;
      done({ entries, references, result: message });
    }
  };
  parser.on('message', take);
  parser.on('error', () => {
    lose(new DirectoryError('untrusted', 'not LDAP: an element of the wrong type'));
  });

  const onData = (chunk: Buffer): void => {
    if (lost !== null) return;
    try {
      for (const message of framing.push(chunk)) {
        const details = asked === null ? [] : [[String(asked.request.messageId), { message: asked.request }] as const];
        parser.read(message, new Map(details));
      }
    } catch (error) {
      lose(error instanceof DirectoryError ? error : new DirectoryError('untrusted', 'not LDAP'));
    }
  };
  const onClose = (): void => {
    lose(new DirectoryError('unavailable', 'the server ended the connection'));
  };
  const onError = (error: Error): void => {
    lose(new DirectoryError('unavailable', `the connection broke: ${codeOf(error)}`));
  };
  socket.on('data', onData).on('close', onClose).on('end', onClose).on('error', onError);

  return {
    ask: async (request, signal) => {
      if (lost !== null) throw lost;
      if (asked !== null) throw new Error('an LDAP connection was asked twice at once');
      const late = (): void => {
        lose(new DirectoryError('unavailable', 'the server did not answer in time'));
      };
      if (signal.aborted) late();
      request.messageId = lastId += 1;
      framing.restart();
      signal.addEventListener('abort', late, { once: true });
      try {
        return await new Promise<Answer>((done, fail) => {
          if (lost !== null) {
            fail(lost);
            return;
          }
          asked = { request, entries: [], references: 0, done, fail };
          socket.write(request.write());
        });
      } finally {
        signal.removeEventListener('abort', late);
      }
    },
    release: () => {
      if (lost !== null) throw lost;
      if (framing.waiting() !== 0 || asked !== null) throw new DirectoryError('untrusted', 'bytes before TLS began');
      socket.pause();
      socket.off('data', onData).off('close', onClose).off('end', onClose).off('error', onError);
      return socket;
    },
    close: () => {
      lost ??= new DirectoryError('unavailable', 'the connection was closed');
      socket.destroy();
    },
  };
}

/** The operation number of the result that ends a request (RFC 4511 section 4.2): one above, two for a search. */
const answerTo = (request: Request): number => request.protocolOperation + (request.protocolOperation === 0x63 ? 2 : 1);

/** What a socket's error is called, without the text, which may name things. */
export function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.name;
}
