import { connect, createServer } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { freePort } from '../../kit/ports.ts';
import { runProcess, startProcess } from '../../kit/process.ts';
import { soon, until } from '../../kit/until.ts';
import { login, runSsh, sshEnv, startProxy, type TestTarget, targetOf } from './proxy-kit.ts';

let sshd: Sshd;
let target: TestTarget;

beforeAll(async () => {
  sshd = await launchSshd();
  target = targetOf(sshd);
});
afterAll(async () => {
  await sshd.stop();
});

test('file transfer and unknown subsystems are refused with a message, and audited', async () => {
  const proxy = await startProxy({ target, channels: { files: 'none' } });
  const options = proxy.ssh
    .map((word) => (word === '-p' ? '-P' : word))
    .filter((word) => word !== '-l' && word !== login);
  const sftp = await runProcess('sshpass', ['-e', 'sftp', ...options, `${login}@127.0.0.1`], { env: sshEnv(proxy) });
  expect(sftp.code).not.toBe(0);
  expect(sftp.stderr).toContain('files may not be transferred');
  const scp = await runProcess('sshpass', ['-e', 'scp', ...options, '/etc/hostname', `${login}@127.0.0.1:x`], {
    env: sshEnv(proxy),
  });
  expect(scp.code).not.toBe(0);
  expect((await runSsh(proxy, ['-s', 'netconf'])).code).not.toBe(0);
  await soon(() => {
    expect(proxy.sessions.map(({ refused }) => refused)).toEqual([
      [{ kind: 'sftp', name: 'sftp' }],
      [{ kind: 'sftp', name: 'sftp' }],
      [{ kind: 'subsystem', name: 'netconf' }],
    ]);
  });
});

test('forwarding, agent, X11 and variables are refused and audited, the command still runs', async () => {
  const proxy = await startProxy({ target });
  const agent = startProcess('ssh-agent', ['-D', '-a', `${proxy.dir}/agent`]);
  await until(() => agent.stdout().includes('SSH_AUTH_SOCK'), { what: 'the agent' });
  const run = await runSsh(
    proxy,
    ['-A', '-o', 'SendEnv=SECRET_ONE LANG GIT_PROTOCOL', '-R', `${String(await freePort())}:127.0.0.1:1`, 'env'],
    {
      env: {
        ...sshEnv(proxy),
        SSH_AUTH_SOCK: `${proxy.dir}/agent`,
        SECRET_ONE: 'value',
        LANG: 'C.UTF-8',
        GIT_PROTOCOL: 'version=2',
      },
    },
  );
  expect(run.code).toBe(0);
  expect(run.stdout).not.toMatch(/SECRET_ONE|SSH_AUTH_SOCK/);
  await soon(() => {
    expect(proxy.sessions[0]!.refused).toEqual(
      expect.arrayContaining([
        { kind: 'agent', name: 'auth-agent-req@openssh.com' },
        { kind: 'forwarded-tcpip', name: 'tcpip-forward' },
        { kind: 'env', name: 'SECRET_ONE' },
      ]),
    );
  });
  expect(proxy.sessions[0]!.refused).toHaveLength(3);
});

test('a forwarded port leads nowhere, however often it is tried; the audit stays bounded', async () => {
  const proxy = await startProxy({ target });
  let reached = 0;
  const port = await freePort();
  const inner = createServer(() => (reached += 1)).listen(port, '127.0.0.1');
  onTestFinished(() => void inner.close());
  const local = await freePort();
  const ssh = startProcess(
    'sshpass',
    ['-e', 'ssh', ...proxy.ssh, '-N', '-L', `${String(local)}:127.0.0.1:${String(port)}`, '127.0.0.1'],
    { env: sshEnv(proxy) },
  );
  const attempt = async (): Promise<boolean> =>
    await new Promise((resolve) => {
      const socket = connect(local, '127.0.0.1');
      socket.once('error', () => resolve(false));
      socket.once('close', () => resolve(true));
      socket.resume();
    });
  await until(attempt, { what: 'the forwarded port' });
  for (let i = 0; i < 40; i += 1) await attempt();
  expect(reached).toBe(0);
  expect(ssh.stderr()).toContain(`forwarding to 127.0.0.1:${String(port)} is not allowed in this session`);
  await until(() => proxy.sessions[0]!.refused.length === 17, { what: 'the last refusal' });
  expect(proxy.sessions[0]!.refused[0]).toEqual({ kind: 'direct-tcpip', name: `127.0.0.1:${String(port)}` });
  expect(proxy.sessions[0]!.refused[16]).toEqual({
    kind: 'direct-tcpip',
    name: 'more than 16 refusals of this kind: no further ones are listed',
  });
});

test('an end from outside is told on every channel, and nothing passes any more within a second', async () => {
  const proxy = await startProxy({ target });
  const child = startProcess(
    'sshpass',
    ['-e', 'ssh', ...proxy.ssh, '127.0.0.1', 'while :; do echo tick; sleep 0.02; done'],
    { env: sshEnv(proxy) },
  );
  await until(() => child.stdout().includes('tick'), { what: 'output' });
  const { sent } = proxy.sessions[0]!;
  proxy.sessions[0]!.cut('token-revoked', 'the temporary token of this session was revoked');
  expect((await child.exited).code).toBe(255);
  // A tick has 5 bytes, and comes at most 50 times a second; the last words are counted too.
  expect(proxy.sessions[0]!.sent - sent).toBeLessThan(50 * 5 + 200);
  expect(child.stderr()).toContain('sallyport: the temporary token of this session was revoked');
});

test('an end is told to a client without a channel too', async () => {
  const proxy = await startProxy({ target });
  const child = startProcess('sshpass', ['-e', 'ssh', '-N', ...proxy.ssh, '127.0.0.1'], { env: sshEnv(proxy) });
  await until(() => proxy.sessions[0], { what: 'the session' });
  proxy.sessions[0]!.cut('idle', 'the session was idle for too long');
  expect((await child.exited).code).toBe(255);
  expect(child.stderr()).toMatch(/disconnect.*the session was idle for too long/);
});

test('an end on a terminal begins a line of its own', async () => {
  const proxy = await startProxy({ target });
  const child = startProcess('sshpass', ['-e', 'ssh', '-tt', ...proxy.ssh, '127.0.0.1', 'echo prompt; sleep 60'], {
    env: sshEnv(proxy),
    keepInput: true,
  });
  await until(() => child.stdout().includes('prompt'), { what: 'output' });
  proxy.sessions[0]!.cut('administrator', 'an administrator\u001b]52;c;x\u0007 ended it');
  await child.exited;
  expect(child.stdout()).toContain('\r\nsallyport: an administrator ]52;c;x  ended it\r\n');
});

test('a recording that fails ends the session when it is a duty, and is left out when it is not', async () => {
  const broken = () => ({
    write: () => {
      throw new Error('disk full');
    },
    records: 0,
    onChunk: () => undefined,
    onFailure: () => undefined,
    close: async () => undefined,
  });
  const strict = await startProxy({ target, recording: 'required', makeRecorder: broken });
  const run = await runSsh(strict, ['echo secret']);
  expect(run.stdout).toBe('');
  expect(run.code).not.toBe(0);
  const preferred = await startProxy({ target, recording: 'preferred', makeRecorder: broken });
  expect(await runSsh(preferred, ['echo fine'])).toMatchObject({ code: 0, stdout: 'fine\n' });
});
