import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { Viewer } from '../../application/ports/application-face.ts';
import type { Route, SocketRoute } from '../../application/ports/http-route.ts';
import { errorAnswer } from '../../wire/json-http.ts';
import { type ConnectionLimits, defaultConnectionLimits, guardConnections } from './connection-guard.ts';
import { answerRoute, deliver } from './answer.ts';
import { answerTo } from './error-status.ts';
import { type Admitted, gatekeeper } from './gatekeeper.ts';
import { pageWithoutSlash } from './page-without-slash.ts';
import { isPlainPath } from './plain-path.ts';
import { limitPerLogin } from './limit-per-login.ts';
import { forPerson } from './for-person.ts';
import { securityHeaders } from './security-headers.ts';
import type { SocketTimes } from './open-socket.ts';
import { serveSockets, wantsSocket } from './sockets.ts';

export interface WebOptions {
  readonly listen: { readonly host: string; readonly port: number };
  /** PEM. */
  readonly tls: { readonly key: string; readonly cert: string };
  readonly routes: readonly Route[];
  readonly sockets?: readonly SocketRoute[];
  readonly socketTimes?: SocketTimes;
  readonly viewerOf: (loginSecret: string, isUse: boolean) => Promise<Viewer | null>;
  readonly onWarning: (message: string, error: unknown) => void;
  readonly connectionLimits?: ConnectionLimits;
  /** How long a handler may take to answer; default 30 s. */
  readonly deadlineMilliseconds?: number;
}

export interface WebServer {
  readonly port: number;
  /** New connections get this certificate. */
  renew(tls: { readonly key: string; readonly cert: string }): void;
  /** Ends open answers too. */
  close(): Promise<void>;
}

const malformed = JSON.stringify({
  errors: [{ code: 'invalid', message: 'The request target is not a plain path of this server.' }],
});

interface Guarded {
  readonly server: Server;
  /** A request showed a valid login. */
  readonly proven: (request: IncomingMessage) => void;
}

function createTlsServer(options: WebOptions, handler: Parameters<typeof createServer>[1]): Guarded {
  const server = createServer(
    {
      ...options.tls,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: 10_000,
      maxHeaderSize: 16_384,
      headersTimeout: 10_000,
      requestTimeout: 30_000,
      keepAliveTimeout: 30_000,
      connectionsCheckingInterval: 5_000,
      shouldUpgradeCallback: (request) => isWellFormed(request) && wantsSocket(options.sockets ?? [], request),
    },
    (request, response) => {
      if (isWellFormed(request)) handler?.(request, response);
      else refuseMalformed(options.routes, request, response);
    },
  );
  server.maxHeadersCount = 100;
  return { server, proven: guardConnections(server, options.connectionLimits ?? defaultConnectionLimits) };
}

/** A page with one slash too many at its end is found without it; nothing else is guessed at. */
function refuseMalformed(routes: readonly Route[], request: IncomingMessage, response: ServerResponse): void {
  const page = isHost(request.headers.host) ? pageWithoutSlash(routes, request) : null;
  const headers = securityHeaders('');
  if (page !== null) response.writeHead(308, { ...headers, location: page }).end();
  else response.writeHead(400, { ...headers, 'content-type': 'application/json' }).end(malformed);
}

function isWellFormed({ url, headers }: IncomingMessage): boolean {
  return isPlainPath(url ?? '') && isHost(headers.host);
}

function isHost(host: string | undefined): boolean {
  return host !== undefined && /^[a-z0-9.\-:[\]]{1,255}$/i.test(host);
}

/** Errors of the transport itself, before a handler ran. */
function transportError(error: unknown, route: Route | undefined, onWarning: WebOptions['onWarning']): Response {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  if (status === 413) {
    const instead = route?.bodyTooLong ?? '';
    return errorAnswer(413, { code: 'body-too-long', message: `The body is too long.${instead && ` ${instead}`}` });
  }
  if (status === 415) return errorAnswer(415, { code: 'not-json', message: 'Send exactly `application/json`.' });
  // A part of the path that is longer than any id or name.
  if (status === 414) return errorAnswer(414, { code: 'invalid', message: 'The path is too long.' });
  if (status === 400) return errorAnswer(400, { code: 'invalid', message: 'The request is malformed.' });
  return answerTo(error, onWarning);
}

function serve(app: FastifyInstance, options: WebOptions, proven: Guarded['proven']): void {
  const gate = gatekeeper(options.viewerOf);
  const inTurn = limitPerLogin();
  const routeOf = new Map(options.routes.map((route) => [`${route.method} ${route.path}`, route]));
  const routeFor = ({ method, routeOptions }: FastifyRequest): Route | undefined =>
    routeOf.get(`${method} ${routeOptions.url ?? ''}`);
  const admitted = new WeakMap<FastifyRequest, Admitted>();

  app.removeAllContentTypeParsers();
  // Which of them a route takes, the gate has looked at by then.
  const types = ['application/json', 'application/x-www-form-urlencoded'];
  app.addContentTypeParser(types, { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  const refuse = async (response: Response, request: FastifyRequest, reply: FastifyReply): Promise<void> =>
    deliver(await forPerson(response, routeFor(request), request), reply);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders(request.host));
    const passed = await gate(routeFor(request), request.raw);
    if (passed instanceof Response) return refuse(passed, request, reply);
    if (passed.viewer !== null) proven(request.raw);
    if (!inTurn(passed.viewer, reply.raw)) {
      throw new SallyportError('limit', 'too-many-requests', 'This login has too many requests open; close some.');
    }
    admitted.set(request, passed);
  });
  app.setErrorHandler(async (error, request, reply) =>
    refuse(transportError(error, routeFor(request), options.onWarning), request, reply),
  );
  for (const { method, path, bodyLimit } of options.routes) {
    app.route({
      method,
      url: path,
      bodyLimit: bodyLimit ?? 1,
      handler: async (request, reply) => {
        const passed = admitted.get(request);
        if (passed === undefined) throw new SallyportError('denied', 'denied', 'Not admitted.');
        await answerRoute(request, reply, passed, options);
      },
    });
  }
}

/**
 * Opens the HTTPS port with these routes and nothing else. Every request passes the gatekeeper in a root hook; what is
 * no route is refused there too.
 */
export async function startWeb(options: WebOptions): Promise<WebServer> {
  let guarded: Guarded | undefined;
  const app = fastify({
    serverFactory: (handler) => (guarded = createTlsServer(options, handler)).server,
    logger: false,
    exposeHeadRoutes: false,
    trustProxy: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 512 },
    // Before any hook: the headers of every answer are added here.
    frameworkErrors: (error, request, reply) =>
      void deliver(transportError(error, undefined, options.onWarning), reply.headers(securityHeaders(request.host))),
  });
  serve(app, options, (request) => guarded?.proven(request));
  const closeSockets = guarded === undefined ? undefined : openSockets(guarded, options);
  await app.listen(options.listen);
  const address = guarded?.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the web port has no address');
  return {
    port: address.port,
    renew: (tls) => guarded?.server.setSecureContext({ ...tls, minVersion: 'TLSv1.2' }),
    close: async () => {
      closeSockets?.();
      await app.close();
    },
  };
}

function openSockets({ server, proven }: Guarded, { sockets = [], socketTimes, viewerOf, onWarning }: WebOptions) {
  const times = socketTimes === undefined ? {} : { times: socketTimes };
  return serveSockets(server, { routes: sockets, viewerOf, onWarning, proven, ...times });
}
