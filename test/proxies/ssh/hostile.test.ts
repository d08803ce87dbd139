import { connect, createServer } from 'node:net';
import fc from 'fast-check';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { count } from '../../kit/counts.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { freePort } from '../../kit/ports.ts';
import { soon, until } from '../../kit/until.ts';
import { login, runSsh, startProxy, type TestProxy, type TestTarget, targetOf } from './proxy-kit.ts';
import { exec, openSession, type Raw, sendRaw, standsStill, strange, text } from './raw-client.ts';

let sshd: Sshd;
let target: TestTarget;

beforeAll(async () => {
  sshd = await launchSshd();
  target = targetOf(sshd);
});
afterAll(async () => {
  await sshd.stop();
});

test.each([
  ['a channel', openSession],
  ['a command', exec(0, 'id')],
  ['a global request', Buffer.concat([Buffer.of(80), text('tcpip-forward'), Buffer.of(1)])],
  ['the success of its own login', Buffer.of(52)],
  ['the failure of a login', Buffer.concat([Buffer.of(51), text('none'), Buffer.of(0)])],
  ['a message from nowhere', Buffer.of(150)],
])('%s before the login ends the connection', async (_what, payload) => {
  const proxy = await startProxy({ target });
  const { client, closed } = await strange(proxy);
  sendRaw(client, payload);
  await until(closed, { what: 'the end of the connection' });
  // The broken login is noted as a refused one, under nobody's name.
  expect(proxy.shown.filter(({ good, userName }) => good || userName !== '')).toEqual([]);
  expect(proxy.requests).toEqual([]);
});

test.each([
  ['data for a channel that is not open', Buffer.concat([Buffer.of(94, 0, 0, 0, 9), text('x')])],
  ['more data than the window', null],
  ['an answer to no question', Buffer.of(91, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)],
  ['a truncated request', Buffer.of(98, 0, 0)],
  ['an unknown message', Buffer.of(120)],
])('%s after the login ends the connection and the session', async (_what, payload) => {
  const proxy = await startProxy({ target });
  const { client, closed } = await strange(proxy, proxy.token);
  await until(() => proxy.sessions[0], { what: 'the session' });
  if (payload === null) {
    sendRaw(client, openSession);
    sendRaw(client, exec(0, 'sleep 20'));
    const data = Buffer.alloc(32 * 1024);
    for (let i = 0; i <= 256; i += 1) sendRaw(client, Buffer.concat([Buffer.of(94, 0, 0, 0, 0, 0, 0, 128, 0), data]));
  } else sendRaw(client, payload);
  await until(closed, { what: 'the end of the connection' });
  await until(() => proxy.sessions[0]!.ended, { what: 'the end of the session' });
});

test('a channel opened while the login waits for the target ends the connection', async () => {
  const port = await freePort();
  const silent = createServer(() => undefined).listen(port, '127.0.0.1');
  onTestFinished(() => void silent.close());
  const proxy = await startProxy({ target: { ...target, port } });
  const client = new ssh2.Client();
  onTestFinished(() => void client.destroy());
  let ready = false;
  const closed = new Promise<void>((resolve) => client.on('close', () => resolve()));
  client.on('error', () => undefined).on('ready', () => (ready = true));
  client.connect({ host: '127.0.0.1', port: proxy.port, username: login, password: proxy.token });
  await until(() => proxy.sessions.length === 1, { what: 'the admission' });
  sendRaw(client, openSession);
  await closed;
  expect(ready).toBe(false);
  await soon(() => {
    expect(proxy.sessions[0]).toMatchObject({ ended: 'error', opened: [] });
  });
});

test('a client that reads nothing holds the target back instead of filling memory', async () => {
  const proxy = await startProxy({ target, forgetRecords: true });
  const { client } = await strange(proxy, proxy.token);
  // A window without end, so that only the network holds back.
  sendRaw(
    client,
    Buffer.concat([Buffer.of(90), text('session'), Buffer.of(0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 128, 0)]),
  );
  sendRaw(client, exec(0, 'head -c 200M /dev/zero'));
  (client as unknown as Raw)._sock.pause();
  const seen = proxy.sessions[0]!;
  await until(() => seen.sent > 1024 * 1024, { what: 'output' });
  await standsStill(() => seen.sent);
  // What the kernel's buffers on loopback take is not ours.
  expect(seen.sent).toBeLessThan(16 * 1024 * 1024);
});

test('a client that begins a key exchange and never goes on holds the target back too', async () => {
  const proxy = await startProxy({ target, forgetRecords: true });
  const { client } = await strange(proxy, proxy.token);
  const { _protocol: protocol, _sock: socket } = client as unknown as Raw & { _protocol: { rekey(): void } };
  sendRaw(
    client,
    Buffer.concat([Buffer.of(90), text('session'), Buffer.of(0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 128, 0)]),
  );
  sendRaw(client, exec(0, 'head -c 100M /dev/zero'));
  protocol.rekey();
  // It reads all that comes and answers nothing.
  socket.removeAllListeners('data').on('data', () => undefined);
  const seen = proxy.sessions[0]!;
  await until(() => seen.sent > 512 * 1024, { what: 'output' });
  await standsStill(() => seen.sent);
  expect(seen.sent).toBeLessThan(8 * 1024 * 1024);
});

test('a client that vanishes ends its session and its command', async () => {
  const proxy = await startProxy({ target });
  const { client } = await strange(proxy, proxy.token);
  sendRaw(client, openSession);
  sendRaw(client, exec(0, 'echo $$; exec sleep 300'));
  const seen = proxy.sessions[0]!;
  await until(() => seen.records.some(({ kind }) => kind === 'output'), { what: 'the command' });
  const pid = Buffer.from(seen.records.find(({ kind }) => kind === 'output')!.data)
    .toString()
    .trim();
  (client as unknown as Raw)._sock.resetAndDestroy();
  await until(() => seen.ended, { what: 'the end of the session' });
  expect(seen.ended).toBe('closed-by-client');
  expect(Number(pid)).toBeGreaterThan(1);
});

test('a stream cut or bent at any place crashes nothing', async () => {
  const proxy = await startProxy({ target, forgetRecords: true });
  const honest = await recorded(proxy);
  await fc.assert(
    fc.asyncProperty(fc.nat(honest.length - 1), fc.option(fc.nat(255)), async (place, byte) => {
      const bytes = Buffer.from(honest.subarray(0, byte === null ? place : honest.length));
      if (byte !== null) bytes[place] = byte;
      const socket = connect(proxy.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.resume();
      await new Promise<void>((resolve) => {
        socket.once('close', () => resolve());
        socket.end(bytes);
        setTimeout(() => socket.destroy(), 100).unref();
      });
    }),
    { numRuns: count(25, 2_000) },
  );
  expect((await runSsh(proxy, ['echo alive'])).stdout).toBe('alive\n');
}, 600_000);

/** What an honest client sends for one command, as bytes on the wire. */
async function recorded(proxy: TestProxy): Promise<Buffer> {
  const port = await freePort();
  const bytes: Buffer[] = [];
  const relay = createServer((inside) => {
    const outside = connect(proxy.port, '127.0.0.1');
    inside.on('data', (data) => bytes.push(data));
    inside.pipe(outside).pipe(inside);
    for (const socket of [inside, outside]) socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => relay.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void relay.close());
  const run = await runSsh(proxy, [
    '-p',
    String(port),
    '-o',
    'StrictHostKeyChecking=no',
    '-o',
    'UserKnownHostsFile=/dev/null',
    'true',
  ]);
  expect(run.code).toBe(0);
  return Buffer.concat(bytes);
}

test('a connection takes 64 channels at the same time and no more', async () => {
  const proxy = await startProxy({ target, limits: { channels: 3 } });
  const { client } = await strange(proxy, proxy.token);
  const results = await Promise.all(
    Array.from(
      { length: 5 },
      async () =>
        new Promise<string>((resolve) => {
          client.exec('sleep 1', (error) => resolve(error === undefined ? 'open' : error.message));
        }),
    ),
  );
  expect(results.filter((result) => result === 'open')).toHaveLength(3);
  expect(results.filter((result) => result.includes('at most 3 channels'))).toHaveLength(2);
});
