import { request as httpsRequest } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { ensureAuthority } from '../../../src/adapters/certificates/authority.ts';
import { issueServerCertificate, namesOf } from '../../../src/adapters/certificates/server-certificate.ts';
import { startWeb, type WebOptions, type WebServer } from '../../../src/adapters/http/web-server.ts';
import type { Viewer } from '../../../src/application/ports/application-face.ts';
import type { Permission } from '../../../src/domain/policy/events.ts';
import { freePort } from '../../kit/ports.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly json: ReturnType<typeof JSON.parse>;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A bearer to log in with. */
  readonly as?: string;
}

/** A real HTTPS server with the given routes and a client that trusts its CA. */
export interface TestWeb {
  readonly server: WebServer;
  readonly ca: string;
  readonly warnings: unknown[];
  ask(path: string, ask?: Ask): Promise<Answer>;
  /** POSTs JSON. */
  post(path: string, body: unknown, as?: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** The answer as it begins to come; the caller reads and destroys it. */
  open(path: string, ask?: Ask): Promise<IncomingMessage>;
  close(): Promise<void>;
}

export function viewer(name: string, ...permissions: Permission[]): Viewer {
  const uuid = `00000000-0000-4000-8000-${Buffer.from(name.padEnd(6).slice(0, 6)).toString('hex')}`;
  return {
    loginId: `login-${uuid}`,
    userId: `user-${uuid}`,
    userName: name,
    permissions: ['self', ...permissions],
    roles: permissions.map(String),
    expiresAt: '2099-01-01T00:00:00.000Z',
  };
}

/** Bearers of the logins that tests use. */
export const logins = new Map<string, Viewer>([
  ['spl_user', viewer('user')],
  ['spl_auditor', viewer('audit', 'audit')],
  ['spl_operator', viewer('operat', 'operate')],
  ['spl_admin', viewer('admin', 'audit', 'administer', 'operate')],
]);

async function makeCertificate(): Promise<{ readonly tls: WebOptions['tls']; readonly ca: string }> {
  const folder = makeTempDir();
  const sealedKey = { load: async () => null, store: async () => {} };
  const authority = await ensureAuthority({ sealedKey, folder: folder.path, now: new Date() });
  folder.remove();
  const tls = await issueServerCertificate(authority, namesOf('box', []), new Date());
  return { tls, ca: authority.certificate.toString() };
}

let made: ReturnType<typeof makeCertificate> | undefined;
const certificate = async (): ReturnType<typeof makeCertificate> => (made ??= makeCertificate());

export async function startTestWeb(options: Pick<WebOptions, 'routes'> & Partial<WebOptions>): Promise<TestWeb> {
  const { tls, ca } = await certificate();
  const warnings: unknown[] = [];
  const server = await startWeb({
    listen: { host: '127.0.0.1', port: await freePort() },
    tls,
    viewerOf: async (secret) => logins.get(secret) ?? null,
    onWarning: (_message, error) => warnings.push(error),
    ...options,
  });
  const open = async (path: string, ask: Ask = {}): Promise<IncomingMessage> => {
    const headers: Record<string, string> = { ...ask.headers };
    if (ask.as !== undefined) headers.authorization = `Bearer ${ask.as}`;
    if (ask.body !== undefined) headers['content-length'] ??= String(Buffer.byteLength(ask.body));
    const request = httpsRequest({
      host: '127.0.0.1',
      servername: 'localhost',
      port: server.port,
      path,
      method: ask.method ?? 'GET',
      headers,
      ca,
      agent: false,
    });
    request.end(ask.body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    return response;
  };
  const ask = async (path: string, wish: Ask = {}): Promise<Answer> => {
    const response = await open(path, wish);
    const body = await text(response);
    const isJson = /^application\/(?:graphql-response\+)?json/.test(response.headers['content-type'] ?? '');
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body,
      json: isJson && body !== '' ? JSON.parse(body) : undefined,
    };
  };
  return {
    server,
    ca,
    warnings,
    open,
    ask,
    post: async (path, body, as, headers) =>
      ask(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
        ...(as === undefined ? {} : { as }),
      }),
    close: async () => server.close(),
  };
}
