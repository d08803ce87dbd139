import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { encodeFirstPacket } from '../../../src/proxies/postgres/codec/startup.ts';
import type { Certified } from '../../kit/certificates.ts';

export interface TlsRelay {
  readonly port: number;
  /** What the client sent inside its TLS. */
  readonly sent: () => Buffer;
}

/**
 * Stands between a leg and a PostgreSQL server as whoever has `certified` could: TLS on both sides, and everything passed
 * on; `alter` gets each piece that comes from the server, and gives what is passed on, each in a TLS record of its own.
 */
export async function tlsRelay(
  to: number,
  certified: Certified,
  alter: (piece: Buffer) => Buffer | readonly Buffer[] = (piece) => piece,
): Promise<TlsRelay> {
  const open = new Set<Socket>();
  const sent: Buffer[] = [];
  const kept = <T extends Socket>(socket: T): T => {
    open.add(socket);
    socket.on('error', () => undefined);
    return socket;
  };
  const relay = async (near: Socket): Promise<void> => {
    const far = kept(connect({ port: to, host: '127.0.0.1', noDelay: true }));
    await once(near, 'data');
    near.pause();
    far.write(encodeFirstPacket.sslRequest());
    const [answer] = (await once(far, 'data')) as [Buffer];
    far.pause();
    near.write(answer);
    const client = kept(new TLSSocket(near, { isServer: true, key: certified.key, cert: certified.cert }));
    const server = kept(connectTls({ socket: far, rejectUnauthorized: false }));
    client.on('data', (piece: Buffer) => {
      sent.push(piece);
      server.write(piece);
    });
    server.on('data', (piece: Buffer) => {
      for (const each of [alter(piece)].flat()) client.write(each);
    });
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
  };
  const listener = createServer({ noDelay: true }, (near) => void relay(kept(near)).catch(() => near.destroy()));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    listener.close();
  });
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  return { port: address.port, sent: () => Buffer.concat(sent) };
}
