import ssh2 from 'ssh2';
import { expect, onTestFinished, test } from 'vitest';
import type { AuthorizedSession } from '../../../src/application/admission/authorized-session.ts';
import type { Vault } from '../../../src/application/ports/vault.ts';
import { sshTargetTerminals } from '../../../src/proxies/ssh/target-leg.ts';
import { freePort } from '../../kit/ports.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { until } from '../../kit/until.ts';
import { hostKey } from './proxy-kit.ts';

test('who asks only after a target has gone away is told at once', async () => {
  const key = hostKey(tempDir(), 'ed25519');
  const server = new ssh2.Server({ hostKeys: [key.pem] }, (client) => {
    client.on('authentication', (context) => context.accept());
    client.on('ready', () => client.end());
    client.on('error', () => undefined);
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  const terminals = sshTargetTerminals({
    vault: { open: async () => Buffer.from('secret') } as unknown as Vault,
    resolve: async (host) => ({ addresses: [{ address: host, family: 4 }], leadsToUs: false }),
  });
  const terminal = await terminals.connect({
    target: { name: 'web-1', host: '127.0.0.1', port, trust: { hostKeys: [key.line] } },
    account: { username: 'root', credential: { kind: 'password', secretId: 'secret-1' } },
  } as unknown as AuthorizedSession);
  const told: string[] = [];
  terminal.onLost((reason) => told.push(reason));
  await until(() => told.length === 1, { what: 'the target to be gone' });
  terminal.onLost((reason) => told.push(`late: ${reason}`));
  expect(told).toEqual(['closed-by-target', 'late: closed-by-target']);
});
