import type { Server, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

export interface ConnectionLimits {
  /** Connections that have not yet sent one whole request head, in all and from one address. */
  readonly unproven: number;
  readonly unprovenPerSource: number;
  readonly total: number;
}

export const defaultConnectionLimits: ConnectionLimits = { unproven: 512, unprovenPerSource: 64, total: 4096 };

/**
 * Bounds what idle sockets can take: when there are too many that have sent nothing whole, the one that waits longest is
 * closed for the newest, so that an honest client still gets in (S4).
 */
export function guardConnections(server: Server, limits: ConnectionLimits): void {
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

  server.maxConnections = limits.total;
  server.on('connection', (socket: Socket) => {
    const key = keyOf(socket);
    const source = sourceOf(key);
    unproven.set(key, socket);
    perSource.set(source, (perSource.get(source) ?? 0) + 1);
    socket.once('close', () => settle(key));
    if ((perSource.get(source) ?? 0) > limits.unprovenPerSource) closeOldest((other) => sourceOf(other) === source);
    else if (unproven.size > limits.unproven) closeOldest(() => true);
  });
  server.on('request', (request: IncomingMessage) => settle(keyOf(request.socket)));
}
