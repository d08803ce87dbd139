import type { AddressInfo, Socket } from 'node:net';
import { createServer as createPlain } from 'node:net';
import { createServer } from 'node:tls';
import type { Certified } from './certificates.ts';

/** What the server does with whoever connects: nothing at all, 50 MB for the first question, or hang up on it. */
export type DirectoryMisdeed = 'mute' | 'flood' | 'gone';

export interface HostileDirectory {
  /** ldaps. */
  readonly url: string;
  /** Connections that are open now, and the most there were at once. */
  open(): number;
  most(): number;
  stop(): void;
}

/** A server where a directory should be. */
export async function startHostileDirectory(
  misdeed: DirectoryMisdeed,
  certified: Certified,
): Promise<HostileDirectory> {
  const sockets = new Set<Socket>();
  let most = 0;
  const keep = (socket: Socket): void => {
    sockets.add(socket);
    most = Math.max(most, sockets.size);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  const server =
    misdeed === 'mute'
      ? createPlain((socket) => socket.resume())
      : createServer(certified, (socket) => {
          socket.on('error', () => undefined);
          socket.once('data', () => (misdeed === 'gone' ? socket.destroy() : floodLdap(socket)));
        });
  server.on('connection', keep).on('tlsClientError', () => undefined);
  const { promise, resolve } = Promise.withResolvers<undefined>();
  server.listen(0, '127.0.0.1', () => resolve(undefined));
  await promise;
  return {
    url: `ldaps://localhost:${String((server.address() as AddressInfo).port)}`,
    open: () => sockets.size,
    most: () => most,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

export const floodBytes = 50 * 1024 * 1024;

/** Messages (RFC 4511 section 4.1.1) of about 60 KB, none of which is too long in itself. */
function floodLdap(socket: Socket): void {
  const value = Buffer.alloc(60_000, 'a');
  const head = Buffer.from([0x30, 0x82, 0xea, 0x67, 0x02, 0x01, 0x02, 0x64, 0x82, 0xea, 0x60]);
  pour(socket, Buffer.concat([head, value]));
}

/** Writes 50 MB, as fast as they are read. */
export function pour(to: NodeJS.WritableStream, chunk: Buffer): void {
  let sent = 0;
  const more = (): void => {
    while (sent < floodBytes) {
      sent += chunk.length;
      if (!to.write(chunk)) {
        to.once('drain', more);
        return;
      }
    }
  };
  more();
}
