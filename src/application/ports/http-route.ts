import type { Viewer } from './application-face.ts';

/** What the HTTP faces export, and `adapters/http` serves (HOUSE.md: route tables of `Request -> Response` handlers). */

/** `auditor` needs the permission `audit`, `admin` needs `administer`, `viewer` any login. */
export type GuardedAccess = 'viewer' | 'auditor' | 'admin';

export interface RequestContext {
  /** Network address of the peer, as the socket has it: forwarding headers are not believed. */
  readonly source: string;
  /** Values of the `:name` parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Aborts when the client has gone or the request's deadline has come. */
  readonly signal: AbortSignal;
}

export interface ViewerContext extends RequestContext {
  readonly viewer: Viewer;
  /** The viewer as things stand now, for answers that last: null once the login has ended. */
  readonly refresh: () => Promise<Viewer | null>;
}

interface RouteShape {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  /** Bytes a body may have. Without it the route takes no body. */
  readonly bodyLimit?: number;
  /** What to do instead of sending a longer one. */
  readonly bodyTooLong?: string;
  /** What a body is, by its exact Content-Type: JSON unless it is a form (application/x-www-form-urlencoded). */
  readonly body?: 'form';
  /** For a person in a browser: refusals and errors are pages too, and who is not logged in is led to the login page. */
  readonly page?: true;
  /** Takes what a page of another site sends (SAML Bindings section 3.5); never with a login. */
  readonly fromElsewhere?: true;
  /** Takes a form of a program, which says nothing of where it comes from; never with a login, nor from another site's page. */
  readonly fromPrograms?: true;
}

export interface PublicRoute extends RouteShape {
  readonly access: 'public';
  readonly handler: (request: Request, context: RequestContext) => Promise<Response>;
}

export interface GuardedRoute extends RouteShape {
  readonly access: GuardedAccess;
  readonly handler: (request: Request, context: ViewerContext) => Promise<Response>;
}

/** An answer's body is streamed with back-pressure; a thrown `SallyportError` becomes the status of its kind. */
export type Route = PublicRoute | GuardedRoute;

/** The two ends of a WebSocket's life, and what comes between them. */
export interface SocketEvents {
  binary(data: Buffer): void;
  text(data: string): void;
  /** The last call. */
  closed(): void;
}

/** One open WebSocket (RFC 6455). */
export interface MessageSocket {
  /** To be set at once. */
  events: SocketEvents | null;
  /** Text, or bytes that never change again; nothing is sent once it is closing. */
  send(data: string | Buffer): void;
  /** Whether to go on reading; what has come already is still told. */
  read(goOn: boolean): void;
  close(code: number, reason: string): void;
}

export interface SocketContext extends Pick<ViewerContext, 'viewer' | 'source'> {
  /** The subprotocols that were offered, in their order. */
  readonly offered: readonly string[];
  /** As the header has it; empty: none. */
  readonly userAgent: string;
}

/** A path at which a WebSocket may be opened: by a login's cookie, and from a page of ours alone. */
export interface SocketRoute {
  readonly path: string;
  readonly access: GuardedAccess;
  /** The subprotocol that has to be offered, and is chosen. */
  readonly subprotocol: string;
  readonly handler: (socket: MessageSocket, context: SocketContext) => void;
}
