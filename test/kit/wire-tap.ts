import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { pipeline, type Duplex } from 'node:stream';
import { connect as connectTls, createSecureContext, TLSSocket } from 'node:tls';
import type { Certified } from './certificates.ts';
import { freePort } from './ports.ts';

/** `SSLRequest` of the PostgreSQL protocol, version 3.0. */
const sslRequest = Buffer.from('0000000804d2162f', 'hex');

export interface WireTapOptions {
  /** A port of this machine. */
  readonly to: number;
  /** What the near side is shown; without it bytes pass as they are. */
  readonly within?: Certified;
  /** CA of the far side in TLS; without it the far side is spoken to in clear. */
  readonly farCa?: string;
}

export interface WireTap {
  readonly port: number;
  /** All bytes so far, of every connection: inside TLS when the tap stands there. */
  fromNear(): Buffer;
  fromFar(): Buffer;
  close(): void;
}

/** A relay before a PostgreSQL port that keeps what passes: on the wire, or within a TLS that it ends itself. */
export async function launchWireTap({ to, within, farCa }: WireTapOptions): Promise<WireTap> {
  const port = await freePort();
  const open = new Set<Socket>();
  const kept = { near: [] as Buffer[], far: [] as Buffer[] };
  const join = (near: Duplex, far: Duplex): void => {
    near.on('data', (data: Buffer) => kept.near.push(data));
    far.on('data', (data: Buffer) => kept.far.push(data));
    // Each side learns from the other that it has ended, in whatever way.
    pipeline(near, far, near, () => undefined);
  };
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: to, host: '127.0.0.1', noDelay: true });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
    if (within === undefined) {
      join(near, far);
      return;
    }
    const { cert, key } = within;
    Promise.all([ended(near, cert, key), farCa === undefined ? far : begun(far, farCa)]).then(
      (sides) => join(...sides),
      () => {
        near.destroy();
        far.destroy();
      },
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port,
    fromNear: () => Buffer.concat(kept.near),
    fromFar: () => Buffer.concat(kept.far),
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** TLS towards who asks for it; they wait for the answer before they say more. */
async function ended(near: Socket, cert: string, key: string): Promise<Duplex> {
  const [asked] = (await once(near, 'data')) as [Buffer];
  if (!asked.equals(sslRequest)) throw new Error('the near side asks for no TLS');
  near.write('S');
  const secure = new TLSSocket(near, { isServer: true, secureContext: createSecureContext({ cert, key }) });
  secure.on('error', () => near.destroy());
  return secure;
}

async function begun(far: Socket, ca: string): Promise<Duplex> {
  far.write(sslRequest);
  const [answer] = (await once(far, 'data')) as [Buffer];
  if (answer.toString('latin1') !== 'S') throw new Error('the far side speaks no TLS');
  const secure = connectTls({ socket: far, ca, servername: 'localhost' });
  secure.on('error', () => far.destroy());
  await once(secure, 'secureConnect');
  return secure;
}
