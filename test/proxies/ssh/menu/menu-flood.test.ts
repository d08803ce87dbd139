import type { Client, ClientChannel } from 'ssh2';
import { expect, test } from 'vitest';
import { until } from '../../../kit/until.ts';
import { startProxy, targetOf, userName } from '../proxy-kit.ts';
import { strange } from '../raw-client.ts';
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
