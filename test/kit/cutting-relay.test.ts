import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startCuttingRelay } from './cutting-relay.ts';
import { freePort } from './ports.ts';
import { until } from './until.ts';

/** Sends back what it gets, and ends when the client has ended. */
async function echo(): Promise<number> {
  const port = await freePort();
  const server = createServer({ allowHalfOpen: true }, (socket) => void socket.pipe(socket)).listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return port;
}

test('every byte comes through both ways, in other pieces, up to the end of either side', async () => {
  const port = await echo();
  const relay = await startCuttingRelay({ to: () => ({ host: '127.0.0.1', port }), seed: 7 });
  const sent = randomBytes(300_000);
  const socket = connect(relay.port, relay.host);
  const got: Buffer[] = [];
  socket.on('data', (chunk) => got.push(chunk));
  socket.end(sent);
  await once(socket, 'end');
  const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
  expect(digest(Buffer.concat(got))).toBe(digest(sent));
  expect(relay.pieces()).toBeGreaterThan(200);
  // The first bytes come one by one or a few at a time, never as they were written.
  expect(got[0]?.length).toBeLessThan(2_000);
});

test('a reset of one side is one of the other', async () => {
  const port = await freePort();
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.resetAndDestroy());
  }).listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  const relay = await startCuttingRelay({ to: () => ({ host: '127.0.0.1', port }), seed: 7 });
  const socket = connect(relay.port, relay.host);
  let code: string | undefined;
  socket.on('error', (error: NodeJS.ErrnoException) => (code = error.code));
  socket.write('x');
  await until(() => code === 'ECONNRESET', { what: 'the reset' });
});
