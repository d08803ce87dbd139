import { chmodSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Sshd, startSshd } from './openssh.ts';
import { runProcess } from './process.ts';
import { descendants } from './process-tree.ts';
import { tempDir } from './temp-dir.ts';

function sshOptions(sshd: Sshd, dir: string): string[] {
  writeFileSync(join(dir, 'known'), `[127.0.0.1]:${String(sshd.port)} ${sshd.hostKeyLine}\n`);
  const known = `UserKnownHostsFile=${join(dir, 'known')}`;
  return ['-F', 'none', '-p', String(sshd.port), '-o', known, '-o', 'StrictHostKeyChecking=yes'];
}

test('a login by password and one by key run a command on the real sshd', async () => {
  const sshd = await startSshd();
  const dir = tempDir();
  const to = [...sshOptions(sshd, dir), `${sshd.username}@127.0.0.1`, 'echo "$HOME"; exit 3'];

  const byPassword = await runProcess('sshpass', ['-e', 'ssh', '-o', 'PubkeyAuthentication=no', ...to], {
    env: { ...process.env, SSHPASS: sshd.password },
  });
  expect(byPassword).toMatchObject({ code: 3, stdout: `${sshd.home}\n` });

  writeFileSync(join(dir, 'key'), sshd.userKeyPem);
  chmodSync(join(dir, 'key'), 0o600);
  const byKey = await runProcess('ssh', ['-o', 'BatchMode=yes', '-i', join(dir, 'key'), ...to]);
  expect(byKey).toMatchObject({ code: 3, stdout: `${sshd.home}\n` });
});

test('a terminal is given to who asks for one', async () => {
  const sshd = await startSshd();
  const to = ['-tt', ...sshOptions(sshd, tempDir()), `${sshd.username}@127.0.0.1`, 'tty && whoami'];
  const ended = await runProcess('sshpass', ['-e', 'ssh', ...to], { env: { ...process.env, SSHPASS: sshd.password } });
  expect(ended.stdout).toMatch(/^.dev.pts.\d+\r\n/);
  expect(ended.stdout.split('\r\n').slice(1)).toEqual([sshd.username, '']);
  expect(ended.code).toBe(0);
});

test('stop ends the open sessions too and removes the login made for it', async () => {
  const sshd = await startSshd();
  const client = runProcess(
    'sshpass',
    ['-e', 'ssh', ...sshOptions(sshd, tempDir()), `${sshd.username}@127.0.0.1`, 'echo up; sleep 600'],
    { env: { ...process.env, SSHPASS: sshd.password } },
  );
  await expect.poll(() => sshd.log(), { timeout: 30_000 }).toMatch(/Starting session: command/);
  await sshd.stop();
  expect((await client).code).not.toBe(0);
  const known = await runProcess('id', [sshd.username]);
  expect(known.code === 0).toBe(sshd.username === userInfo().username);
  expect(descendants(process.pid).length).toBeLessThan(5);
});
