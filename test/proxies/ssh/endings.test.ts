import ssh2, { type Client } from 'ssh2';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { until } from '../../kit/until.ts';
import { hostKey, startProxy, type TestTarget, targetOf, userName } from './proxy-kit.ts';
import { exec, openSession, type Raw, sendRaw, strange, text, uint32 } from './raw-client.ts';

let sshd: Sshd;

beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});

const hour = 3_600_000;

test('a client that was told why there is nothing, and stays, is made to leave', async () => {
  const proxy = await startProxy({ target: targetOf(sshd), limits: { tellMilliseconds: hour } });
  const { client, closed } = await strange(proxy, proxy.token, `${userName}~absent`);
  const said = await new Promise<string>((resolve, reject) => {
    client.exec('true', (error, channel) => {
      if (error !== undefined) reject(error);
      else channel.once('close', () => resolve(String(channel.stderr.read())));
      channel.resume();
    });
  });
  expect(said).toContain('absent is not there, or not for you');
  // It has its time to go by itself: a disconnect would hide the exit status.
  expect(closed()).toBe(false);
  await until(closed, { what: 'the end of the connection', deadlineMs: 60_000 });
}, 90_000);

/** A target that takes every command, and stops reading when it is told to. */
async function stuckTarget(): Promise<{ readonly target: TestTarget; readonly commands: () => number; stop(): void }> {
  const key = hostKey(tempDir(), 'ed25519');
  const clients: ssh2.Connection[] = [];
  let commands = 0;
  const server = new ssh2.Server({ hostKeys: [key.pem] }, (client) => {
    clients.push(client);
    client.on('error', () => undefined);
    client.on('authentication', (context) => context.accept());
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec) => {
        acceptExec();
        commands += 1;
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = () => clients.map((client) => (client as unknown as Raw)._sock);
  onTestFinished(() => {
    for (const socket of sockets()) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const credential = { kind: 'password', secret: 'secret' } as const;
  return {
    target: { host: '127.0.0.1', port, hostKeyLine: key.line, username: 'root', credential },
    commands: () => commands,
    stop: () => {
      for (const socket of sockets()) socket.pause();
    },
  };
}

async function run(client: Client, command: string): Promise<ssh2.ClientChannel> {
  return await new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => (error === undefined ? resolve(channel) : reject(error)));
  });
}

test('a command that the target has not let go of counts, although its channel is closed', async () => {
  const { target, commands, stop } = await stuckTarget();
  const proxy = await startProxy({ target, limits: { channels: 2 } });
  const { client } = await strange(proxy, proxy.token);
  const channels = [await run(client, 'one'), await run(client, 'two')];
  await until(() => commands() === 2, { what: 'the commands' });
  stop();
  await Promise.all(
    channels.map(async (channel) => {
      const closed = new Promise((resolve) => channel.once('close', resolve));
      channel.close();
      channel.resume();
      await closed;
    }),
  );
  await expect(run(client, 'three')).rejects.toThrow('at most 2 channels at the same time');
});

/** What the proxy sends on one channel, numbered by the client: `data` with its length, and `close`. */
function watchChannel(client: Client, channel: number): string[] {
  const { _handlers: handlers } = (client as unknown as { readonly _protocol: { readonly _handlers: Handlers } })
    ._protocol;
  const seen: string[] = [];
  handlers.CHANNEL_DATA = (_protocol, at, data) => at === channel && seen.push(`data ${String(data.length)}`);
  handlers.CHANNEL_CLOSE = (_protocol, at) => at === channel && seen.push('close');
  return seen;
}

interface Handlers {
  CHANNEL_DATA: (protocol: unknown, channel: number, data: Buffer) => void;
  CHANNEL_CLOSE: (protocol: unknown, channel: number) => void;
}

test('what waits on a forwarded connection when the session ends goes nowhere any more', async () => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write(Buffer.alloc(64 * 1024, 'secret'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const proxy = await startProxy({ target: targetOf(sshd), channels: { forward: [`127.0.0.1:${String(port)}`] } });
  const { client, closed } = await strange(proxy, proxy.token);
  const seen = watchChannel(client, 1);
  // The session keeps the connection open for its last words, as this client does not close it.
  sendRaw(client, openSession);
  sendRaw(client, exec(0, 'sleep 60'));
  const to = [text('127.0.0.1'), uint32(port), text('localhost'), uint32(1)];
  const window = [uint32(1), uint32(4), uint32(32_768)];
  sendRaw(client, Buffer.concat([Buffer.of(90), text('direct-tcpip'), ...window, ...to]));
  await until(() => seen.length === 1, { what: 'the first bytes' });
  await until(() => proxy.sessions[0]!.opened.length === 2, { what: 'the command' });
  proxy.sessions[0]!.cut('token-revoked', 'the temporary token of this session was revoked');
  sendRaw(client, Buffer.concat([Buffer.of(93), uint32(1), uint32(1024 * 1024)]));
  await until(closed, { what: 'the end of the connection', deadlineMs: 60_000 });
  expect(seen).toEqual(['data 4', 'close']);
}, 90_000);
