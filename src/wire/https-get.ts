import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { connect, type LookupFunction, type Socket } from 'node:net';

export interface Address {
  readonly address: string;
  readonly family: number;
}

export interface HttpsGet {
  /** Where the name leads, as it was judged: it is not looked up again. At least one. */
  readonly addresses: readonly Address[];
  /** PEM of who may vouch for the server; null: the authorities that come with the runtime. */
  readonly ca: string | null;
  readonly signal: AbortSignal;
  readonly mostBytes: number;
  readonly accept?: string;
}

export interface HttpsAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly date: Date | null;
  readonly body: Buffer;
}

/** One request over verified TLS, without cookies; redirects are not followed. Rejects above `mostBytes` with code `EFBIG`. */
export async function httpsGet(url: URL, options: HttpsGet): Promise<HttpsAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const asked = request(url, {
    agent: false,
    signal: options.signal,
    headers: options.accept === undefined ? {} : { accept: options.accept },
    ...(options.ca === null ? {} : { ca: options.ca }),
    // Said here, so that no environment variable takes it away.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    lookup: lookupOf(options.addresses),
  });
  asked.once('response', resolve);
  asked.on('error', reject);
  asked.end();
  const incoming = await promise;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop closes the connection.
    if (length > options.mostBytes) throw Object.assign(new Error('the answer is too large'), { code: 'EFBIG' });
    chunks.push(chunk);
  }
  const at = Date.parse(incoming.headers.date ?? '');
  return {
    status: incoming.statusCode ?? 0,
    location: incoming.headers.location ?? null,
    date: Number.isNaN(at) ? null : new Date(at),
    body: Buffer.concat(chunks),
  };
}

/** A TCP connection to one of the addresses. */
export async function connectTo(
  host: string,
  port: number,
  addresses: readonly Address[],
  signal: AbortSignal,
): Promise<Socket> {
  const socket = connect({ host, port, signal, lookup: lookupOf(addresses) });
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  socket.once('connect', () => resolve(undefined));
  socket.on('error', reject);
  await promise;
  return socket;
}

function lookupOf(addresses: readonly Address[]): LookupFunction {
  const [first] = addresses;
  return (_name, { all }, done) => {
    if (all === true) done(null, [...addresses]);
    else done(null, first?.address ?? '', first?.family);
  };
}
