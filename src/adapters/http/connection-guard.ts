import type { Server, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

export interface ConnectionLimits {
  /** Connections whose newest request showed no valid login, and those without a request; in all and from one address. */
  readonly unproven: number;
  readonly unprovenPerSource: number;
  readonly total: number;
}

export const defaultConnectionLimits: ConnectionLimits = { unproven: 512, unprovenPerSource: 64, total: 4096 };

/**
 * Bounds what strangers' sockets can take: when there are too many, the one whose newest request lies longest ago, or
 * that sent none, is closed for the newest, so that an honest client still gets in (S4). Gives the function that is told
 * of a request with a valid login; its connection is no stranger's until a request without one.
 */
export function guardConnections(server: Server, limits: ConnectionLimits): (request: IncomingMessage) => void {
  // In the order in which they last did something.
  const unproven = new Map<string, Socket>();
  const perSource = new Map<string, number>();
  const keyOf = (socket: Socket): string => `${socket.remoteAddress ?? ''} ${String(socket.remotePort ?? 0)}`;
  const sourceOf = (key: string): string => key.slice(0, key.indexOf(' '));

  const settle = (key: string): void => {
    if (!unproven.delete(key)) return;
    const source = sourceOf(key);
    const left = (perSource.get(source) ?? 1) - 1;
    if (left > 0) perSource.set(source, left);
    else perSource.delete(source);
  };
  const closeOldest = (among: (key: string) => boolean): void => {
    for (const [key, socket] of unproven) {
      if (!among(key)) continue;
      settle(key);
      socket.destroy();
      return;
    }
  };
  const doubt = (key: string, socket: Socket): void => {
    settle(key);
    const source = sourceOf(key);
    unproven.set(key, socket);
    perSource.set(source, (perSource.get(source) ?? 0) + 1);
    if ((perSource.get(source) ?? 0) > limits.unprovenPerSource) closeOldest((other) => sourceOf(other) === source);
    else if (unproven.size > limits.unproven) closeOldest(() => true);
  };

  server.maxConnections = limits.total;
  server.on('connection', (socket: Socket) => {
    const key = keyOf(socket);
    socket.once('close', () => settle(key));
    doubt(key, socket);
  });
  server.prependListener('request', ({ socket }: IncomingMessage) => {
    if (!socket.destroyed) doubt(keyOf(socket), socket);
  });
  return ({ socket }) => settle(keyOf(socket));
}
