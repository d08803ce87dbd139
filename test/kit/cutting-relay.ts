import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { freePort } from './ports.ts';
import { randomNumbers } from './random-numbers.ts';

export interface CuttingRelayOptions {
  /** Where to; called for each connection, so that what listens there may come later. */
  readonly to: () => { readonly host: string; readonly port: number };
  /** The same seed cuts the same stream at the same places (as far as TCP hands it over alike). */
  readonly seed: number;
  /** Listen here instead of on a new free port. */
  readonly port?: number;
}

/** SALLYPORT_TEST_CUT=SEED cuts the streams of every test that starts its servers with the kits and says nothing else. */
export const cutEverything: number | undefined = Number(process.env.SALLYPORT_TEST_CUT ?? 0) || undefined;

export interface CuttingRelay {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** How many pieces were passed on so far, in both directions. */
  pieces(): number;
  close(): Promise<void>;
}

/** Stretches of a stream that are cut in the same way: how long one is, and how long its pieces are at most. */
const ways = [
  { stretch: 120, longest: 1 },
  { stretch: 2_000, longest: 16 },
  { stretch: 100_000, longest: 4_096 },
  { stretch: 2_000_000, longest: 65_536 },
];

/** As `launchCuttingRelay`, closed when the running test has ended. Only inside a test. */
export async function startCuttingRelay(options: CuttingRelayOptions): Promise<CuttingRelay> {
  const relay = await launchCuttingRelay(options);
  onTestFinished(() => relay.close());
  return relay;
}

/**
 * A TCP relay that passes every byte on, but in pieces of other sizes than they came in: single bytes, a few, many, each
 * in a turn of the event loop of its own. What reads a message in one piece because it was written so breaks here.
 */
export async function launchCuttingRelay(options: CuttingRelayOptions): Promise<CuttingRelay> {
  const port = options.port ?? (await freePort());
  const open = new Set<Socket>();
  let pieces = 0;
  let connections = 0;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    // From the same address, since the far side counts and names its visitors by it.
    const localAddress = near.remoteAddress;
    const from = localAddress === undefined ? {} : { localAddress };
    const far = connect({ ...options.to(), ...from, allowHalfOpen: true, noDelay: true });
    const seed = options.seed + 1_000 * (connections += 1);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => open.delete(socket));
    }
    void pump(near, far, lengths(randomNumbers(seed)), () => (pieces += 1));
    void pump(far, near, lengths(randomNumbers(seed + 1)), () => (pieces += 1));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: '127.0.0.1',
    port,
    pieces: () => pieces,
    close: async () => {
      server.close();
      // What was sent last is on its way still.
      await Promise.race([once(server, 'close'), pause(1_000)]);
      for (const socket of open) socket.destroy();
    },
  };
}

async function pump(from: Socket, to: Socket, nextLength: () => number, counted: () => void): Promise<void> {
  try {
    for await (const chunk of from.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>) {
      for (let at = 0; at < chunk.length; ) {
        const piece = chunk.subarray(at, at + nextLength());
        at += piece.length;
        counted();
        if (!to.write(piece) && !to.destroyed) await drained(to);
        await nextTurn();
        if (to.destroyed) {
          from.resetAndDestroy();
          return;
        }
      }
    }
    to.end();
  } catch {
    // Who reads from the other side sees the error of this one as a reset, as without a relay.
    to.resetAndDestroy();
  }
}

/** How long each next piece is at most; the first ones, of which the login is made, are short. */
function lengths(random: () => number): () => number {
  let among = 2;
  let left = 0;
  let longest = 1;
  return () => {
    if (left <= 0) {
      const way = ways[Math.floor(random() * among)] ?? { stretch: 1, longest: 1 };
      ({ stretch: left, longest } = way);
      among = ways.length;
    }
    const length = 1 + Math.floor(random() * longest);
    left -= length;
    return length;
  };
}

async function drained(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
  });
}
