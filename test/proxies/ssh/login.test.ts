import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { runProcess } from '../../kit/process.ts';
import { login, startProxy, type TestProxy, type TestTarget } from './proxy-kit.ts';

let sshd: Sshd;

beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});

function target(): TestTarget {
  const { host, port, hostKeyLine, username, password } = sshd;
  return { host, port, hostKeyLine, username, credential: { kind: 'password', secret: password } };
}

async function ssh(proxy: TestProxy, args: readonly string[], secret = proxy.token) {
  return await runProcess('sshpass', ['-e', 'ssh', ...proxy.ssh, '127.0.0.1', ...args], {
    env: { ...process.env, SSHPASS: secret },
  });
}

test('a person logs in with a token by password and by keyboard-interactive', async () => {
  const proxy = await startProxy({ target: target() });
  for (const method of ['password', 'keyboard-interactive']) {
    const run = await ssh(proxy, ['-o', `PreferredAuthentications=${method}`, 'whoami; echo err >&2; exit 7']);
    expect(run).toMatchObject({ code: 7, stdout: `${sshd.username}\n`, stderr: 'err\n' });
  }
  expect(proxy.shown.map(({ good }) => good)).toEqual([true, true]);
  expect(login).toContain('~');
});
