import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { SocketRoute } from '../../application/ports/http-route.ts';
import type { Viewer } from '../../application/ports/viewer.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { plainAddress } from '../../wire/plain-address.ts';
import { answerTo } from './error-status.ts';
import { limitPerLogin } from './limit-per-login.ts';
import { defaultSocketTimes, OpenSocket, type SocketTimes } from './open-socket.ts';
import { securityHeaders } from './security-headers.ts';
import { type SocketAdmitted, socketGate } from './socket-gate.ts';

/** The longest message, in one frame or many (W4). */
const longestMessage = 64 * 1024;
const mostFragments = 64;

export interface SocketOptions {
  readonly routes: readonly SocketRoute[];
  readonly viewerOf: (loginSecret: string, isUse: boolean) => Promise<Viewer | null>;
  readonly onWarning: (message: string, error: unknown) => void;
  /** A request showed a valid login. */
  readonly proven: (request: IncomingMessage) => void;
  readonly times?: SocketTimes;
}

/** Whether a request is to become a WebSocket at one of the routes; what is not is a request like any other. */
export function wantsSocket(routes: readonly SocketRoute[], { method, url, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && routes.some(({ path }) => path === url);
}

/** Opens WebSockets at these routes and nowhere else. Gives what closes those that are open. */
export function serveSockets(server: Server, options: SocketOptions): () => void {
  const gate = socketGate(options.viewerOf);
  const inTurn = limitPerLogin();
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: true,
    maxPayload: longestMessage,
    maxFragments: mostFragments,
    perMessageDeflate: false,
    handleProtocols: (offered) => options.routes.find(({ subprotocol }) => offered.has(subprotocol))?.subprotocol ?? '',
  });
  const open = new Set<OpenSocket>();

  const admit = async (request: IncomingMessage, stream: Duplex, route: SocketRoute): Promise<SocketAdmitted> => {
    const admitted = await gate(route, request);
    if (admitted instanceof Response) throw new Refused(admitted);
    options.proven(request);
    if (!inTurn(admitted.viewer, stream)) {
      throw new SallyportError('limit', 'too-many-sockets', 'This login has too many sockets open; close some.');
    }
    return admitted;
  };

  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    const route = options.routes.find(({ path }) => path === request.url);
    if (route === undefined) {
      stream.destroy();
      return;
    }
    admit(request, stream, route)
      .then(({ viewer, offered }) =>
        sockets.handleUpgrade(request, stream, head, (socket) => {
          const opened = new OpenSocket(socket, options.times ?? defaultSocketTimes);
          open.add(opened);
          socket.once('close', () => open.delete(opened));
          route.handler(opened, {
            viewer,
            offered,
            source: plainAddress(request.socket.remoteAddress ?? 'unknown'),
            userAgent: request.headers['user-agent'] ?? '',
          });
        }),
      )
      .catch((error: unknown) => {
        const answer = error instanceof Refused ? error.answer : answerTo(error, options.onWarning);
        refuse(stream, answer, request.headers.host ?? '').catch(() => stream.destroy());
      });
  });
  return () => {
    for (const socket of open) socket.close(1001, 'the server stops');
    // Who does not answer by then is not waited for.
    setTimeout(() => {
      for (const client of sockets.clients) client.terminate();
    }, lastWordsMilliseconds).unref();
  };
}

const lastWordsMilliseconds = 500;

/** The answer of HTTP, as it stands. */
class Refused extends Error {
  readonly answer: Response;

  constructor(answer: Response) {
    super('refused');
    this.answer = answer;
  }
}

async function refuse(stream: Duplex, answer: Response, host: string): Promise<void> {
  const body = Buffer.from(await answer.arrayBuffer());
  const headers = new Headers(securityHeaders(host));
  for (const [name, value] of answer.headers) headers.set(name, value);
  headers.set('content-length', String(body.length));
  headers.set('connection', 'close');
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`);
  stream.end(Buffer.concat([Buffer.from(`HTTP/1.1 ${String(answer.status)} Refused\r\n${lines.join('')}\r\n`), body]));
}
