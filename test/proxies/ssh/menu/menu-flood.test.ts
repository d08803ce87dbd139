import type { AddressInfo } from 'node:net';
import ssh2, { type Client, type ClientChannel } from 'ssh2';
import { expect, onTestFinished, test } from 'vitest';
import { tempDir } from '../../../kit/temp-dir.ts';
import { until } from '../../../kit/until.ts';
import { hostKey, startProxy, targetOf, type TestTarget, userName } from '../proxy-kit.ts';
import { standsStill, strange } from '../raw-client.ts';
import { sshdWithCode } from '../sshd-with-code.ts';
import { open } from './menu-kit.ts';

const mebibyte = 1024 * 1024;

/** A shell whose client lets us send nothing on it, ever. */
async function deafShell(client: Client): Promise<ClientChannel> {
  const { _protocol: protocol } = client as unknown as {
    readonly _protocol: { session(channel: number, window: number, packet: number): void };
  };
  const session = protocol.session.bind(protocol);
  protocol.session = (channel, _window, packet) => session(channel, 0, packet);
  return await new Promise((resolve, reject) => {
    client.shell({ term: 'xterm', cols: 80, rows: 24 }, (error, channel) =>
      error === undefined ? resolve(channel) : reject(error),
    );
  });
}

test('a client that reads nothing and types without end at a hidden question holds nothing of ours', async () => {
  const sshd = await sshdWithCode('keyboard-interactive');
  const proxy = await startProxy({
    target: targetOf(sshd),
    reachable: () => [open('web-1', { account: sshd.username })],
  });
  const { client } = await strange(proxy, proxy.token, userName);
  const channel = await deafShell(client);
  channel.write('\r');
  await until(() => proxy.sessions[0]?.asked === 1, { what: 'the question' });
  const before = process.memoryUsage().heapUsed;
  for (let at = 0; at < 32; at += 1) {
    await new Promise((resolve) => channel.write(Buffer.alloc(32 * 1024, 'x'), resolve));
  }
  channel.write('\u0003');
  await until(() => proxy.sessions[0]?.ended === 'target-login-failed', { what: 'the end of it', deadlineMs: 60_000 });
  // One waiting piece for each byte would hold about 300 MiB.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100 * mebibyte);
});

/** A target whose login asks one visible question, and takes no answer. */
async function askingTarget(): Promise<TestTarget> {
  const key = hostKey(tempDir(), 'ed25519');
  const server = new ssh2.Server({ hostKeys: [key.pem] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      if (context.method !== 'keyboard-interactive') context.reject(['keyboard-interactive']);
      else context.prompt([{ prompt: 'Name: ', echo: true }], () => context.reject(['keyboard-interactive']));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const credential = { kind: 'password', secret: 'secret' } as const;
  return { host: '127.0.0.1', port, hostKeyLine: key.line, username: 'root', credential };
}

test('what is typed at a visible question while the client reads nothing is dropped, not echoed later', async () => {
  const proxy = await startProxy({ target: await askingTarget(), reachable: () => [open('web-1')] });
  const { client } = await strange(proxy, proxy.token, userName);
  const channel = await deafShell(client);
  let heard = 0;
  channel.on('data', (data: Buffer) => (heard += data.length));
  channel.write('\r');
  await until(() => proxy.sessions[0]?.asked === 1, { what: 'the question' });
  // Each letter and its backspace are four bytes on the screen.
  for (let at = 0; at < 32; at += 1) {
    await new Promise((resolve) => channel.write(Buffer.from('x\u007f'.repeat(16 * 1024)), resolve));
  }
  const { _protocol: protocol } = client as unknown as {
    readonly _protocol: { channelWindowAdjust(channel: number, bytes: number): void };
  };
  const { outgoing } = channel as unknown as { readonly outgoing: { readonly id: number } };
  protocol.channelWindowAdjust(outgoing.id, 16 * mebibyte);
  await until(() => heard > 64 * 1024, { what: 'what was echoed' });
  await standsStill(() => heard);
  expect(heard).toBeLessThan(mebibyte / 2);
  channel.write('\u0003');
  await until(() => proxy.sessions[0]?.ended === 'target-login-failed', { what: 'the end of it', deadlineMs: 60_000 });
}, 90_000);
