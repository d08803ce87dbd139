import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { ExtendedRequest } from 'ldapts';
import type { ResolvedTarget, ResolveTarget } from '../../application/ports/system.ts';
import { DirectoryError } from './errors.ts';
import { codeOf, makeWire, type Wire } from './wire.ts';

/** One server of a provider. */
export interface Server {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte on (`ldaps`), or begun by StartTLS (`ldap`). */
  readonly implicitTls: boolean;
}

export function serverOf(url: string): Server {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const implicitTls = parsed?.protocol === 'ldaps:';
  const rest =
    parsed === null ? '' : `${parsed.username}${parsed.password}${parsed.pathname}${parsed.search}${parsed.hash}`;
  if (
    parsed === null ||
    (!implicitTls && parsed.protocol !== 'ldap:') ||
    parsed.hostname === '' ||
    !/^\/?$/.test(rest)
  ) {
    throw new Error(
      `the address ${JSON.stringify(url)} of an LDAP server should read ldaps://host:port or ldap://host:port`,
    );
  }
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = parsed.port === '' ? (implicitTls ? 636 : 389) : Number(parsed.port);
  return { host, port, implicitTls };
}

/**
 * A connection whose other end has proved its name (security rule A3), over LDAPS or StartTLS (RFC 4511 section 4.14).
 * Without such a proof there is none: nothing is ever asked in clear.
 */
export async function dial(
  server: Server,
  ca: string | null,
  resolve: ResolveTarget,
  signal: AbortSignal,
): Promise<Wire> {
  const plain = await readyForTls(server, resolve, signal);
  const secure = connectTls({
    socket: plain,
    host: server.host,
    ...(isIP(server.host) === 0 ? { servername: server.host } : {}),
    ...(ca === null ? {} : { ca }),
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
  });
  await settled(secure, 'secureConnect', signal);
  return makeWire(secure);
}

/** A connection on which TLS can begin: at once, or after StartTLS. Nothing that was sent in clear counts as sent inside. */
export async function readyForTls(server: Server, resolve: ResolveTarget, signal: AbortSignal): Promise<Socket> {
  const { addresses } = await placeOf(server, resolve, signal);
  const [first] = addresses;
  const plain = connect({
    host: server.host,
    port: server.port,
    noDelay: true,
    // The name is not looked up again: what is connected is what was judged.
    lookup: (_name, { all }, done) => {
      if (all === true) done(null, [...addresses]);
      else done(null, first?.address ?? '', first?.family);
    },
  });
  await settled(plain, 'connect', signal);
  if (!server.implicitTls) {
    const wire = makeWire(plain);
    try {
      const { result } = await wire.ask(new ExtendedRequest({ messageId: 0, oid: '1.3.6.1.4.1.1466.20037' }), signal);
      if (result.status !== 0) throw new DirectoryError('untrusted', `StartTLS was refused (result ${result.status})`);
      wire.release();
    } catch (error) {
      wire.close();
      throw error;
    }
  }
  return plain;
}

/** Where the name leads, looked up once: never to a port of our own (security rule W5). */
async function placeOf(server: Server, resolve: ResolveTarget, signal: AbortSignal): Promise<ResolvedTarget> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(new DirectoryError('unavailable', 'no answer to the name lookup in time'));
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    const place = await Promise.race([resolve(server.host, server.port), late]);
    if (place.leadsToUs)
      throw new DirectoryError('untrusted', 'this address leads back to a port of this installation');
    return place;
  } catch (error) {
    if (error instanceof DirectoryError) throw error;
    throw new DirectoryError('unavailable', `the name cannot be looked up: ${codeOf(error as Error)}`);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function settled(
  socket: Socket | TLSSocket,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
): Promise<void> {
  const step = event === 'connect' ? 'no connection' : 'TLS failed';
  await new Promise<void>((resolve, reject) => {
    const finish = (error: DirectoryError | null): void => {
      socket.off(event, onReady).off('error', onError).off('close', onClose);
      signal.removeEventListener('abort', onLate);
      if (error === null) {
        resolve();
        return;
      }
      // What a destroyed socket still says is of no interest, and must not be an unhandled error.
      socket.on('error', () => undefined);
      socket.destroy();
      reject(error);
    };
    const onReady = (): void => {
      finish(null);
    };
    const onError = (error: Error): void => {
      const reason = event === 'connect' || isNetwork(error) ? 'unavailable' : 'untrusted';
      finish(new DirectoryError(reason, `${step}: ${codeOf(error)}`));
    };
    const onClose = (): void => {
      finish(new DirectoryError('unavailable', `${step}: the server hung up`));
    };
    const onLate = (): void => {
      finish(new DirectoryError('unavailable', `${step} in time`));
    };
    socket.on(event, onReady).on('error', onError).on('close', onClose);
    signal.addEventListener('abort', onLate, { once: true });
    if (signal.aborted) onLate();
  });
}

const isNetwork = (error: Error): boolean => ['ECONNRESET', 'EPIPE', 'ETIMEDOUT'].includes(codeOf(error));
