import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { AuthorizedSession } from '../../application/admission/authorized-session.ts';
import type { ResolveTarget } from '../../application/ports/system.ts';
import type { DatabaseWish, TargetDatabase, TargetDatabases } from '../../application/ports/target-database.ts';
import type { Vault } from '../../application/ports/vault.ts';
import { ProtocolError, SallyportError } from '../../domain/kernel/errors.ts';
import { ScramError } from '../../wire/scram/scram-error.ts';
import { sha256Of } from '../kit/certificate-trust.ts';
import { addressOf } from '../kit/target-address.ts';
import { encodeFirstPacket } from './codec/startup.ts';
import { encodeFrontend } from './codec/frontend-encode.ts';
import { type TargetCredential, targetCredential } from './target-credential.ts';
import { type LoggedIn, logIn } from './target-login.ts';
import { type Deadline, notPostgres, openTls, type TlsPlace, type TrustedTls } from './target-tls.ts';

export interface TargetLegOptions {
  readonly vault: Vault;
  readonly resolve: ResolveTarget;
  /** From the first packet to ReadyForQuery, and for a cancel request. */
  readonly connectMilliseconds?: number;
}

/** Target legs over PostgreSQL's protocol 3.0: TLS with a trusted certificate, then SCRAM with the credential from custody. */
export function postgresTargetDatabases(options: TargetLegOptions): TargetDatabases {
  return { connect: async (session, wish) => await connect(session, options, wish) };
}

/** Names that say who logs in where: the session says that. */
const reserved: ReadonlySet<string> = new Set(['user', 'database', 'replication']);

async function connect(
  { target, account }: AuthorizedSession,
  options: TargetLegOptions,
  wish: DatabaseWish,
): Promise<TargetDatabase> {
  if (wish.parameters.some(([name]) => reserved.has(name))) {
    throw new SallyportError('internal', 'reserved-parameter', 'a startup parameter would say who logs in; none may');
  }
  const milliseconds = options.connectMilliseconds ?? 10_000;
  const address = await addressOf(target.host, target.port, options.resolve);
  const credential = async (): Promise<TargetCredential> => await targetCredential(account, target.name, options.vault);
  const { password, client } = await credential();
  const { username } = account;
  const database = wish.database === null ? [] : [['database', wish.database] as const];
  const parameters = [['user', username] as const, ...database, ...wish.parameters];
  return await inTime(target, milliseconds, async (deadline) => {
    const tls = await openTls(target, address, client, deadline);
    const { socket, certificate } = tls;
    const login = { targetName: target.name, parameters, username, password, certificate };
    const loggedIn = await logIn(socket, login);
    // Some servers in front of a database want the certificate for this too.
    const again = async (time: Deadline): Promise<TrustedTls> =>
      await openTls(target, address, (await credential()).client, time);
    return legOf(target, again, milliseconds, tls, loggedIn);
  });
}

function legOf(
  target: TlsPlace,
  again: (deadline: Deadline) => Promise<TrustedTls>,
  milliseconds: number,
  { socket, certificate }: TrustedTls,
  { early, parameters, notices, cancelKey }: LoggedIn,
): TargetDatabase {
  const lost = new Set<(reason: 'closed-by-target' | 'target-lost') => void>();
  let closing = false;
  let gone: 'closed-by-target' | 'target-lost' | null = null;
  socket.pause();
  socket.once('close', () => {
    if (closing) return;
    gone = socket.errored === null ? 'closed-by-target' : 'target-lost';
    for (const listener of lost) listener(gone);
  });
  return {
    identity: `SHA256:${sha256Of(certificate)}`,
    stream: socket,
    early,
    parameters,
    notices,
    cancel: async () => {
      if (cancelKey === null) throw notPostgres(target.name, 'it gave no key to cancel with');
      const { processId, secret } = cancelKey;
      await inTime(target, milliseconds, async (deadline) => {
        const second = await again(deadline);
        await ended(second.socket, encodeFirstPacket.cancelRequest(processId, secret));
      });
    },
    onLost: (listener) => {
      // It may have gone while the opening of this leg was being logged.
      if (gone === null) lost.add(listener);
      else listener(gone);
    },
    close: () => {
      closing = true;
      if (socket.destroyed) return;
      socket.end(encodeFrontend.terminate());
      // A target that does not close in its turn is not waited for.
      const timer = setTimeout(() => socket.destroy(), lettingGoMilliseconds);
      socket.once('close', () => clearTimeout(timer));
      socket.resume();
    },
  };
}

const lettingGoMilliseconds = 2_000;

/** Sends the last bytes and waits until the target has closed: a cancel request has been worked off then. */
async function ended(socket: TLSSocket, bytes: Buffer): Promise<void> {
  const closed = Promise.withResolvers<undefined>();
  socket.once('close', () => closed.resolve(undefined));
  socket.resume();
  socket.write(bytes);
  await closed.promise;
  if (socket.errored !== null && (socket.errored as NodeJS.ErrnoException).code !== 'ECONNRESET') throw socket.errored;
}

/** Runs `work` with a deadline on its sockets, which it ends when it fails; its errors become ours. */
async function inTime<T>(target: TlsPlace, milliseconds: number, work: (deadline: Deadline) => Promise<T>): Promise<T> {
  const watched = new Set<Socket>();
  const late = new SallyportError(
    'unavailable',
    'target-unreachable',
    `${target.name} does not answer in time: try again later or ask an administrator whether it is running`,
  );
  const time = { isUp: false };
  const faults: Error[] = [];
  const timer = setTimeout(() => {
    time.isUp = true;
    for (const socket of watched) socket.destroy(late);
  }, milliseconds);
  const deadline = {
    watch: (socket: Socket) => {
      watched.add(socket);
      // What becomes of an error is said by who reads, or by `onLost`; an alert of TLS 1.3 stands nowhere but here.
      socket.on('error', (error) => {
        if (faults.length === 0) faults.push(error);
      });
    },
  };
  try {
    return await work(deadline);
  } catch (error) {
    for (const socket of watched) socket.destroy();
    // A socket under TLS may be told of it in other words.
    throw time.isUp ? late : asOurs(error, faults.find(isAlert), target);
  } finally {
    clearTimeout(timer);
  }
}

function asOurs(error: unknown, alert: Alert | undefined, { name }: TlsPlace): SallyportError {
  if (error instanceof SallyportError) return error;
  if (error instanceof ProtocolError) return notPostgres(name, error.message);
  if (error instanceof ScramError) {
    const message = `the login at ${name} was broken off, since ${error.message}: an administrator checks the target and the credential in custody`;
    return new SallyportError('denied', 'target-login-failed', message, { cause: error });
  }
  if (alert !== undefined) {
    const message = `${name} ended TLS with an alert (${alert.code}): an administrator checks the client certificate in custody, and which versions of TLS it takes`;
    return new SallyportError('denied', 'target-login-failed', message, { cause: alert });
  }
  return new SallyportError(
    'unavailable',
    'target-unreachable',
    `${name} cannot be reached: try again later or ask an administrator whether it is running`,
    { cause: error },
  );
}

/** `code`: OpenSSL's name of an alert that came from the other side, such as ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED. */
type Alert = Error & { readonly code: string };

function isAlert(error: Error): error is Alert {
  return 'code' in error && /^ERR_SSL_[A-Z0-9_]*ALERT_[A-Z0-9_]+$/.test(String(error.code));
}
