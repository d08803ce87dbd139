import { once } from 'node:events';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Rekeys } from '../../../src/proxies/ssh/rekeys.ts';
import { openTransport } from '../../../src/proxies/ssh/transport.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { freePort } from '../../kit/ports.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { until } from '../../kit/until.ts';
import { hostKey, runSsh, startProxy, targetOf } from './proxy-kit.ts';
import { strange } from './raw-client.ts';

let sshd: Sshd;

beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});

const rekey = (client: ssh2.Client): void => (client as unknown as { _protocol: { rekey(): void } })._protocol.rekey();

test('ten early exchanges a minute pass, the eleventh does not; those after data always do', () => {
  const rekeys = new Rekeys();
  for (let at = 0; at < 10; at += 1) rekeys.begun(at * 1000, at);
  expect(() => rekeys.begun(11_000, 59_999)).toThrow('again and again');
  const slow = new Rekeys();
  for (let at = 0; at < 100; at += 1) slow.begun(at, at * 6001);
  const busy = new Rekeys();
  for (let at = 0; at < 100; at += 1) busy.begun(at * 300_000, at);
});

test('a client that exchanges keys again and again without using them is disconnected, others go on', async () => {
  const proxy = await startProxy({ target: targetOf(sshd) });
  const { client, closed } = await strange(proxy, proxy.token);
  let exchanges = 0;
  client.on('handshake', () => {
    exchanges += 1;
    rekey(client);
  });
  rekey(client);
  await until(closed, { what: 'the end of the connection' });
  expect(exchanges).toBe(10);
  await until(() => proxy.sessions[0]!.ended, { what: 'the end of the session' });
  expect((await runSsh(proxy, ['-o', 'RekeyLimit=300K', 'head -c 5M /dev/zero | wc -c'])).stdout).toBe('5242880\n');
});

test('an exchange that is never finished ends the connection', async () => {
  const server = new ssh2.Server({ hostKeys: [hostKey(tempDir(), 'ed25519').pem] });
  let served = false;
  let gone = false;
  server.on('connection', (connection) => {
    openTransport(connection, () => 'pass', 200);
    connection.on('authentication', (context) => context.accept());
    connection.on('error', () => undefined).on('close', () => (gone = true));
    served = true;
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const client = new ssh2.Client();
  onTestFinished(() => void client.destroy());
  client.on('error', () => undefined).connect({ host: '127.0.0.1', port, username: 'a', password: 'b' });
  await once(client, 'ready');
  rekey(client);
  await once(client, 'handshake');
  expect(gone).toBe(false);
  rekey(client);
  (client as unknown as { _sock: { removeAllListeners(name: string): { resume(): void } } })._sock
    .removeAllListeners('data')
    .resume();
  await until(() => gone, { what: 'the end of the connection' });
  expect(served).toBe(true);
});
