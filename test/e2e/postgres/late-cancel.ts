import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface LateCancel {
  readonly port: number;
  /** A second connection is asked for: the one of a cancel request. */
  readonly asked: Promise<unknown>;
  /** Lets it through. */
  release(): void;
}

/** Stands before a database and lets its first connection through at once, and every other one when it is told. */
export async function lateCancel(to: number): Promise<LateCancel> {
  const open = new Set<Socket>();
  const asked = Promise.withResolvers<undefined>();
  const released = Promise.withResolvers<undefined>();
  const pass = async (near: Socket, first: boolean): Promise<void> => {
    if (!first) {
      asked.resolve(undefined);
      await released.promise;
    }
    const far = connect({ port: to, host: '127.0.0.1', noDelay: true });
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => undefined);
    }
    near.pipe(far);
    far.pipe(near);
  };
  let connections = 0;
  const listener = createServer({ noDelay: true }, (near) => void pass(near, (connections += 1) === 1));
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  onTestFinished(() => {
    for (const socket of open) socket.destroy();
    listener.close();
  });
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('the relay has no port');
  return { port: address.port, asked: asked.promise, release: () => released.resolve(undefined) };
}
