import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { plainAddress } from '../../wire/plain-address.ts';
import { guarded } from './guarded.ts';
import { type Guest, leastFar } from './waiting-room.ts';

/** Bounds on connections that have not logged in (security rule S4). Times in milliseconds. */
export interface ListenerLimits {
  readonly waiting: number;
  readonly waitingPerSource: number;
  /** From the first byte of the connection to the end of the login. */
  readonly graceMilliseconds: number;
  /** To the first step of the protocol; less than the grace time. */
  readonly firstStepMilliseconds: number;
  readonly bytesBeforeLogin: number;
  /** Connections in all, logged in or not. */
  readonly connections: number;
}

const defaultListenerLimits: ListenerLimits = {
  waiting: 512,
  waitingPerSource: 64,
  graceMilliseconds: 30_000,
  firstStepMilliseconds: 10_000,
  bytesBeforeLogin: 256 * 1024,
  connections: 4096,
};

/** One connection as its protocol sees it. */
export interface Visitor {
  readonly socket: Socket;
  /** The network address, without port; IPv4 in its plain form. */
  readonly source: string;
  /** The protocol has got to this step; steps only rise. */
  reached(step: number): void;
  /** The login waits for a person: from now on it may take so long, once. What it takes up in the room stays counted. */
  mayTake(milliseconds: number): void;
  /** The login is done: no limit of the waiting room holds any more. */
  loggedIn(): void;
}

export interface ListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly limits?: Partial<ListenerLimits>;
  /** `leave` is how the protocol says goodbye when the grace time is over; the socket is destroyed a second later. */
  readonly onVisitor: (visitor: Visitor, onLate: (leave: () => void) => void) => void;
}

export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Takes no more connections and destroys those that have not logged in; resolves when the port is free. */
  close(): Promise<void>;
}

interface Waiting extends Guest {
  step: number;
  since: number;
  readonly socket: Socket;
  leave: () => void;
}

/** Milliseconds that a protocol's goodbye may take. */
const goodbyeMilliseconds = 1000;

/**
 * Listens, and keeps those who have not logged in few: in all, per source, by time and by bytes. When the room is full,
 * whoever has got least far for longest goes, so that idle sockets never keep an honest login out.
 */
export async function startListener(options: ListenerOptions): Promise<Listener> {
  const limits = { ...defaultListenerLimits, ...options.limits };
  const waiting = new Set<Waiting>();
  let connections = 0;

  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
    socket.on('error', () => {
      socket.destroy();
    });
    if (connections >= limits.connections) {
      socket.destroy();
      return;
    }
    connections += 1;
    socket.once('close', () => (connections -= 1));
    guarded(
      () => welcome(socket),
      () => socket.destroy(),
    );
  });

  function welcome(socket: Socket): void {
    const source = sourceOf(socket);
    const guest: Waiting = { source, socket, step: 0, since: performance.now(), leave: () => {} };
    makeRoom(source);
    waiting.add(guest);
    const late = (): void => {
      guarded(
        () => guest.leave(),
        () => socket.destroy(),
      );
      socket.end();
      destroyLater(socket);
    };
    const first = setTimeout(() => {
      if (guest.step === 0) late();
    }, limits.firstStepMilliseconds);
    let extended = false;
    let grace = setTimeout(late, limits.graceMilliseconds);
    const count = (): void => {
      if (socket.bytesRead > limits.bytesBeforeLogin) socket.destroy();
    };
    const done = (): void => {
      clearTimeout(first);
      clearTimeout(grace);
      socket.off('data', count);
      waiting.delete(guest);
    };
    socket.once('close', done);
    options.onVisitor(
      {
        socket,
        source,
        reached: (step) => {
          if (step <= guest.step) return;
          guest.step = step;
          guest.since = performance.now();
        },
        mayTake: (milliseconds) => {
          if (extended || !waiting.has(guest)) return;
          extended = true;
          clearTimeout(grace);
          grace = setTimeout(late, milliseconds);
        },
        loggedIn: done,
      },
      (leave) => (guest.leave = leave),
    );
    socket.on('data', count);
  }

  function makeRoom(source: string): void {
    const neighbours = [...waiting].filter((guest) => guest.source === source);
    if (neighbours.length >= limits.waitingPerSource) turnOut(leastFar(neighbours));
    if (waiting.size >= limits.waiting) turnOut(leastFar(waiting));
  }

  function turnOut(guest: Waiting | undefined): void {
    if (guest === undefined) return;
    waiting.delete(guest);
    guest.socket.destroy();
  }

  await listen(server, options.host, options.port);
  const address = server.address() as AddressInfo;
  return {
    host: address.address,
    port: address.port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const guest of waiting) guest.socket.destroy();
      // Logged-in connections end in their own words; the port itself is free at once.
      await Promise.race([closed, new Promise((resolve) => setImmediate(resolve))]);
    },
  };
}

function destroyLater(socket: Socket): void {
  const timer = setTimeout(() => socket.destroy(), goodbyeMilliseconds);
  socket.once('close', () => clearTimeout(timer));
}

function sourceOf(socket: Socket): string {
  const address = socket.remoteAddress ?? 'unknown';
  return plainAddress(address);
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 1024 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
