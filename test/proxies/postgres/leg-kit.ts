import { randomUUID } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import type {
  AuthorizedSession,
  AuthorizedSessionFacts,
  SessionCredential,
} from '../../../src/application/admission/authorized-session.ts';
import type { TargetDatabase } from '../../../src/application/ports/target-database.ts';
import { defaultChannels } from '../../../src/domain/policy/channels.ts';
import type { TargetTrust } from '../../../src/domain/target/events.ts';
import { postgresTargetDatabases } from '../../../src/proxies/postgres/target-leg.ts';
import type { Certified } from '../../kit/certificates.ts';

export interface LegTarget {
  readonly host?: string;
  readonly port: number;
  readonly username?: string;
  readonly password: string;
  /** A client certificate, with or without a password, instead of `password`. */
  readonly client?: Certified & { readonly password: string | null };
  readonly trust: TargetTrust | null;
  readonly database?: string | null;
  readonly parameters?: readonly (readonly [string, string])[];
  readonly leadsToUs?: boolean;
  readonly connectMilliseconds?: number;
}

/** Opens a leg to 127.0.0.1, whatever the host is called; closed when the test has ended. */
export async function openLeg(target: LegTarget): Promise<TargetDatabase> {
  const { host = 'localhost', username = 'postgres', leadsToUs = false } = target;
  const { client } = target;
  const sealed =
    client === undefined ? target.password : JSON.stringify({ privateKey: client.key, password: client.password });
  const credential: SessionCredential =
    client === undefined
      ? { kind: 'password', secretId: 'secret-1' }
      : { kind: 'certificate', secretId: 'secret-1', certificate: client.cert };
  const unused = async (): Promise<never> => {
    throw new Error('not used by a target leg');
  };
  const databases = postgresTargetDatabases({
    vault: { open: async () => Buffer.from(sealed), put: unused, destroy: unused, list: unused },
    resolve: async () => ({ addresses: [{ address: '127.0.0.1', family: 4 }], leadsToUs }),
    connectMilliseconds: target.connectMilliseconds ?? 30_000,
  });
  const facts: AuthorizedSessionFacts = {
    sessionId: `session-${randomUUID()}`,
    passId: `token-${randomUUID()}`,
    userId: `user-${randomUUID()}`,
    userName: 'alice',
    protocol: 'postgres',
    target: { id: `target-${randomUUID()}`, name: 'db1', host, port: target.port, trust: target.trust },
    account: { id: `account-${randomUUID()}`, username, credential },
    entitlementId: `entitlement-${randomUUID()}`,
    recording: 'off',
    channels: defaultChannels,
    admittedAt: new Date().toISOString(),
    endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    endsBecause: 'max-session',
    idleMilliseconds: null,
    source: '127.0.0.1',
  };
  const wish = { database: target.database ?? 'postgres', parameters: target.parameters ?? [] };
  const leg = await databases.connect(facts as AuthorizedSession, wish);
  onTestFinished(() => leg.close());
  return leg;
}

export interface HostileTarget {
  readonly port: number;
  /** What came before TLS, and inside it. */
  readonly plain: () => Buffer;
  readonly inside: () => Buffer;
  /** Breaks all connections off with RST. */
  readonly reset: () => void;
}

export interface HostileScript {
  /** What it answers to the SSLRequest; "S" unless told. Null: nothing. */
  readonly answer?: string | null;
  readonly certified?: Certified;
  /** Called with each piece of what comes inside TLS. */
  readonly inTls?: (socket: TLSSocket, received: Buffer) => void;
  /** For the connections after the first. */
  readonly later?: HostileScript;
}

/** A server that answers as a script says, over real sockets. */
export async function hostileTarget(script: HostileScript): Promise<HostileTarget> {
  const plain: Buffer[] = [];
  const inside: Buffer[] = [];
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    const { answer = 'S', certified, inTls } = open.size === 0 ? script : (script.later ?? script);
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (bytes: Buffer) => {
      plain.push(bytes);
      if (answer === null) return;
      socket.pause();
      socket.write(answer, 'latin1');
      if (certified === undefined || answer !== 'S') {
        socket.on('data', (more: Buffer) => plain.push(more));
        socket.resume();
        return;
      }
      const tls = new TLSSocket(socket, { isServer: true, key: certified.key, cert: certified.cert });
      tls.on('error', () => undefined);
      tls.on('data', (more: Buffer) => {
        inside.push(more);
        inTls?.(tls, more);
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the hostile target has no port');
  return {
    port: address.port,
    plain: () => Buffer.concat(plain),
    inside: () => Buffer.concat(inside),
    reset: () => {
      for (const socket of open) socket.resetAndDestroy();
    },
  };
}
