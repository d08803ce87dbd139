import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startDemoHost } from '../../../src/proxies/ssh/demo-host.ts';
import { runProcess } from '../../kit/process.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { hostKey } from './proxy-kit.ts';

async function start() {
  const dir = tempDir();
  const key = hostKey(dir, 'ed25519');
  const host = await startDemoHost({ hostKeyPem: key.pem, password: 'demo-password' });
  onTestFinished(async () => host.close());
  const known = join(dir, 'known_hosts');
  writeFileSync(known, `[127.0.0.1]:${String(host.port)} ${key.line}\n`);
  const options = [
    '-F',
    'none',
    '-o',
    `UserKnownHostsFile=${known}`,
    '-o',
    'NumberOfPasswordPrompts=1',
    '-p',
    String(host.port),
  ];
  return async (args: readonly string[], input = '', password = 'demo-password') =>
    await runProcess('sshpass', ['-e', 'ssh', ...options, ...args], {
      input,
      env: { ...process.env, SSHPASS: password },
    });
}

test('commands run by exec, with exit codes', async () => {
  const ssh = await start();
  expect(await ssh(['demo@127.0.0.1', 'cat /etc/hostname'])).toMatchObject({ code: 0, stdout: 'demo\n' });
  expect(await ssh(['demo@127.0.0.1', 'rm -rf /'])).toMatchObject({ code: 127, stdout: '' });
  expect(await ssh(['demo@127.0.0.1', 'cat /etc/passwd'])).toMatchObject({ code: 1 });
  expect(await ssh(['demo@127.0.0.1', 'ls __proto__'])).toMatchObject({ code: 2 });
});

test('a script without a terminal runs line by line', async () => {
  const ssh = await start();
  const run = await ssh(['-T', 'demo@127.0.0.1'], 'whoami\ncd /var/log\npwd\nls\nexit 4\n');
  expect(run).toMatchObject({ code: 4, stdout: 'demo\n/var/log\napp.log\n' });
});

test('a terminal edits its line: rubbing out, killing, interrupting, history, end', async () => {
  const ssh = await start();
  const keys = 'echo onx\u007fe\rgarbage\u0015echo two\rwrong\u0003\u001b[A\u001b[A\u001b[B\r\u0004';
  const run = await ssh(['-tt', 'demo@127.0.0.1'], keys);
  expect(run.code).toBe(0);
  const lines = run.stdout.split('\r\n');
  expect(lines.filter((line) => line === 'one')).toHaveLength(1);
  expect(lines.filter((line) => line === 'two')).toHaveLength(2);
  expect(run.stdout).not.toContain('command not found');
});

test('only the demo user with the password gets in', async () => {
  const ssh = await start();
  expect((await ssh(['demo@127.0.0.1', 'true'], '', 'wrong')).code).not.toBe(0);
  expect((await ssh(['root@127.0.0.1', 'true'])).code).not.toBe(0);
  expect((await ssh(['demo@127.0.0.1', 'true'])).code).toBe(0);
});
