import type { ClientChannel } from 'ssh2';
import { expect, test } from 'vitest';
import { startSshd } from '../../../kit/openssh.ts';
import { until } from '../../../kit/until.ts';
import { startProxy, targetOf, userName } from '../proxy-kit.ts';
import { type Raw, strange } from '../raw-client.ts';
import { open } from './menu-kit.ts';

test('what was on its way when a choice was refused is for nobody, and the menu is there again', async () => {
  const sshd = await startSshd();
  const proxy = await startProxy({
    target: targetOf(sshd),
    reachable: () => [open('absent'), open('web-1', { account: sshd.username })],
  });
  const { client } = await strange(proxy, proxy.token, userName);
  const channel = await new Promise<ClientChannel>((resolve, reject) => {
    client.shell({ term: 'xterm', cols: 80, rows: 24 }, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  let seen = '';
  let code: number | undefined;
  channel.on('data', (data: Buffer) => (seen += data.toString()));
  channel.on('exit', (status: number) => (code = status));
  await until(() => seen.includes('absent'), { what: 'the menu' });
  const socket = (client as unknown as Raw)._sock;
  // From here on the client learns of nothing, as over a long way, and types on.
  socket.pause();
  channel.write('\r');
  await until(() => proxy.requests.length === 1, { what: 'the refusal' });
  channel.write('web-1\recho ahead\r');
  socket.resume();
  await until(() => seen.includes('is not there, or not for you'), { what: 'the reason' });
  channel.write('web-1\rexit 5\r');
  await until(() => code === 5, { what: 'the end of the session' });
  expect(proxy.requests).toHaveLength(2);
  expect(seen).not.toContain('ahead');
});
