import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { runProcess, startProcess } from '../../kit/process.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { until } from '../../kit/until.ts';
import { login, runSsh, startProxy, type TestProxy, type TestTarget, targetOf } from './proxy-kit.ts';

let sshd: Sshd;
let target: TestTarget;

beforeAll(async () => {
  sshd = await launchSshd();
  target = targetOf(sshd);
});
afterAll(async () => {
  await sshd.stop();
});

/** A new key of the person's own: its file, and its public line. */
async function makeKey(
  name: string,
  ...args: readonly string[]
): Promise<{ readonly file: string; readonly line: string }> {
  const file = join(tempDir(), name);
  const made = await runProcess('ssh-keygen', ['-q', '-N', '', '-C', 'ann@laptop', '-f', file, ...args]);
  expect(made.code, made.stderr).toBe(0);
  return { file, line: readFileSync(`${file}.pub`, 'utf8').trim() };
}

/** ssh that asks nobody anything, with the given options before those of the kit. */
async function byKey(
  proxy: TestProxy,
  options: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ReturnType<typeof runProcess> {
  const alone = ['-o', 'BatchMode=yes', '-o', 'PubkeyAuthentication=yes', '-o', 'PreferredAuthentications=publickey'];
  return await runProcess('ssh', [...options, ...alone, ...proxy.ssh, '127.0.0.1', 'whoami'], {
    env: { ...process.env, SSH_AUTH_SOCK: '', ...env },
  });
}

describe.each([
  { what: 'Ed25519', args: ['-t', 'ed25519'], options: [] },
  { what: 'ECDSA on P-256', args: ['-t', 'ecdsa', '-b', '256'], options: [] },
  { what: 'ECDSA on P-384', args: ['-t', 'ecdsa', '-b', '384'], options: [] },
  { what: 'ECDSA on P-521', args: ['-t', 'ecdsa', '-b', '521'], options: [] },
  {
    what: 'RSA with SHA-256',
    args: ['-t', 'rsa', '-b', '2048'],
    options: ['-o', 'PubkeyAcceptedAlgorithms=rsa-sha2-256'],
  },
  {
    what: 'RSA with SHA-512',
    args: ['-t', 'rsa', '-b', '3072'],
    options: ['-o', 'PubkeyAcceptedAlgorithms=rsa-sha2-512'],
  },
])('$what', ({ args, options }) => {
  test('is a pass for OpenSSH, without a question', async () => {
    const { file, line } = await makeKey('key', ...args);
    const proxy = await startProxy({ target, keys: () => [line] });
    const run = await byKey(proxy, ['-o', 'IdentitiesOnly=yes', '-i', file, ...options]);
    expect(run).toMatchObject({ code: 0, stdout: `${sshd.username}\n`, stderr: '' });
    expect(proxy.shown).toMatchObject([{ good: true }]);
  });
});

test('an RSA key does not sign with SHA-1', async () => {
  const { file, line } = await makeKey('key', '-t', 'rsa', '-b', '2048');
  const proxy = await startProxy({ target, keys: () => [line] });
  const run = await byKey(proxy, ['-v', '-i', file, '-o', 'PubkeyAcceptedAlgorithms=ssh-rsa']);
  expect(run.code).toBe(255);
  expect(run.stderr).toMatch(
    /server-sig-algs=<ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,rsa-sha2-512,rsa-sha2-256>/,
  );
  expect(proxy.shown.some(({ good }) => good)).toBe(false);
});

test('an agent with many keys finds the right one, and without one still comes to its password', async () => {
  const keys = await Promise.all(
    Array.from({ length: 9 }, async (_, each) => makeKey(`key${String(each)}`, '-t', 'ed25519')),
  );
  const socket = join(tempDir(), 'agent');
  const agent = startProcess('ssh-agent', ['-D', '-a', socket]);
  try {
    const env = { SSH_AUTH_SOCK: socket };
    for (const { file } of keys) {
      const add = async () =>
        (await runProcess('ssh-add', ['-q', file], { env: { ...process.env, ...env } })).code === 0;
      await until(add, { what: 'the agent to take a key' });
    }
    const last = await startProxy({ target, keys: () => [keys.at(-1)?.line ?? ''] });
    expect(await byKey(last, [], env)).toMatchObject({ code: 0, stdout: `${sshd.username}\n` });
    expect(last.offered.length).toBe(9);

    const none = await startProxy({ target });
    const run = await runSsh(none, ['-o', 'PubkeyAuthentication=yes', 'whoami'], {
      env: { ...process.env, ...env, SSHPASS: none.token },
    });
    expect(run).toMatchObject({ code: 0, stdout: `${sshd.username}\n` });
    expect(none.offered.length).toBe(9);
    expect(none.shown, 'an offered key is no attempt').toMatchObject([{ good: true }]);
  } finally {
    await agent.stop();
  }
});

test('a certificate is not taken, not even one over a key that is a pass', async () => {
  const { file, line } = await makeKey('key', '-t', 'ed25519');
  const ca = await makeKey('ca', '-t', 'ed25519');
  const signed = await runProcess('ssh-keygen', ['-q', '-s', ca.file, '-I', 'ann', '-n', 'ann', `${file}.pub`]);
  expect(signed.code).toBe(0);
  const proxy = await startProxy({ target, keys: () => [line] });
  const only = await byKey(proxy, [
    '-i',
    file,
    '-o',
    `CertificateFile=${file}-cert.pub`,
    '-o',
    'PubkeyAcceptedAlgorithms=ssh-ed25519-cert-v01@openssh.com',
  ]);
  expect(only.code).toBe(255);
  expect(proxy.shown).toEqual([]);
  expect(await byKey(proxy, ['-i', file]), 'the key goes on without it').toMatchObject({ code: 0 });
});

test('one’s own key opens nothing under the name of somebody else', async () => {
  const { file, line } = await makeKey('key', '-t', 'ed25519');
  const proxy = await startProxy({ target, keys: () => [line] });
  const run = await byKey(proxy, ['-i', file, '-l', 'bob~web-1']);
  expect(run.code).toBe(255);
  expect(run.stderr).toContain('Access denied: this token or key does not open anything here.');
  expect(proxy.shown).toMatchObject([{ userName: 'bob', good: false }]);
  expect(proxy.requests).toEqual([]);
});

test('PuTTY logs in by a key of its own', async () => {
  const { file, line } = await makeKey('key', '-t', 'ed25519');
  const proxy = await startProxy({ target, keys: () => [line] });
  const converted = await runProcess('puttygen', [file, '-O', 'private', '-o', `${file}.ppk`]);
  expect(converted.code, converted.stderr).toBe(0);
  const scanned = await runProcess('ssh-keyscan', ['-t', 'ed25519', '-p', String(proxy.port), '127.0.0.1']);
  const listed = await runProcess('ssh-keygen', ['-lf', '-'], { input: scanned.stdout });
  const hostKey = /SHA256:\S+/.exec(listed.stdout)?.[0] ?? '';
  const words = [
    '-batch',
    '-no-antispoof',
    '-P',
    String(proxy.port),
    '-l',
    proxy.ssh.at(-1) ?? '',
    '-i',
    `${file}.ppk`,
  ];
  const plink = await runProcess('plink', [...words, '-hostkey', hostKey, '127.0.0.1', 'whoami'], {
    env: { ...process.env, HOME: tempDir() },
  });
  expect(plink).toMatchObject({ code: 0, stdout: `${sshd.username}\n` });
});

const paramiko = `
import sys, paramiko
port, user, key, token = sys.argv[1:]
client = paramiko.SSHClient()
client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
client.connect('127.0.0.1', int(port), user, token, key_filename=key, allow_agent=False, look_for_keys=False)
print(client.exec_command('echo in')[1].read().decode(), end='')
`;

test('paramiko, which asks for the login service before each attempt, tries its key and then the token', async () => {
  const proxy = await startProxy({ target });
  const { file } = await makeKey('stranger', '-t', 'ed25519');
  const run = await runProcess('/usr/bin/python3', ['-c', paramiko, String(proxy.port), login, file, proxy.token]);
  expect(run, run.stderr).toMatchObject({ code: 0, stdout: 'in\n' });
});
