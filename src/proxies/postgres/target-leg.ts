import type { TLSSocket } from 'node:tls';
import type { AuthorizedSession } from '../../application/admission/authorized-session.ts';
import type { ResolveTarget } from '../../application/ports/system.ts';
import type { DatabaseWish, TargetDatabase, TargetDatabases } from '../../application/ports/target-database.ts';
import type { Vault } from '../../application/ports/vault.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { sha256Of } from '../kit/certificate-trust.ts';
import { addressOf } from '../kit/target-address.ts';
import { TargetLoss } from '../kit/target-loss.ts';
import { encodeFirstPacket } from './codec/startup.ts';
import { encodeFrontend } from './codec/frontend-encode.ts';
import { type TargetCredential, targetCredential } from './target-credential.ts';
import { inTime } from './target-deadline.ts';
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
  const loss = new TargetLoss();
  socket.pause();
  socket.once('close', () => loss.note(socket.errored === null ? 'closed-by-target' : 'target-lost'));
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
    onLost: (listener) => loss.onLost(listener),
    close: () => {
      loss.expect();
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
