import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { freePort } from '../../kit/ports.ts';
import { runProcess, startProcess } from '../../kit/process.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { soon, until } from '../../kit/until.ts';
import { login, runSsh, sshEnv, startProxy, type TestProxy, type TestTarget, targetOf } from './proxy-kit.ts';

let sshd: Sshd;
let target: TestTarget;

beforeAll(async () => {
  sshd = await launchSshd({ config: ['AcceptEnv LC_* TZ OWN_* PATH LD_* BASH_ENV PROMPT_COMMAND'] });
  target = targetOf(sshd);
});
afterAll(async () => {
  await sshd.stop();
});

/** plink with settings as PuTTY saves them. */
async function plink(proxy: TestProxy, settings: string, args: readonly string[]): ReturnType<typeof runProcess> {
  const home = tempDir();
  mkdirSync(join(home, '.putty/sessions'), { recursive: true });
  writeFileSync(join(home, '.putty/sessions/own'), `Protocol=ssh\n${settings}\n`);
  const scanned = await runProcess('ssh-keyscan', ['-t', 'ed25519', '-p', String(proxy.port), '127.0.0.1']);
  const listed = await runProcess('ssh-keygen', ['-lf', '-'], { input: scanned.stdout });
  const fingerprint = /SHA256:\S+/.exec(listed.stdout)?.[0] ?? '';
  const where = ['-P', String(proxy.port), '-l', login, '-pw', proxy.token, '-hostkey', fingerprint, '127.0.0.1'];
  return await runProcess('plink', ['-load', 'own', '-v', '-batch', '-no-antispoof', ...where, ...args], {
    env: { ...process.env, HOME: home },
    input: 'echo typed\n',
  });
}

test('without exec, commands are refused with a message and an event, a shell works', async () => {
  const proxy = await startProxy({ target, channels: { exec: false } });
  const run = await runSsh(proxy, ['touch ran; echo ran']);
  expect(run).toMatchObject({ code: 1, stdout: '', stderr: 'sallyport: commands are not allowed in this session\n' });
  expect((await runSsh(proxy, ['-T'], { input: 'ls ran; echo a shell\n' })).stdout).toBe('a shell\n');
  expect((await plink(proxy, '', ['echo ran'])).stderr).toContain('sallyport: commands are not allowed');
  await soon(() => {
    expect(proxy.sessions.map(({ refused }) => refused)).toEqual([
      [{ kind: 'exec', name: 'exec' }],
      [],
      [{ kind: 'exec', name: 'exec' }],
    ]);
  });
  expect(proxy.sessions.map(({ opened }) => opened.length)).toEqual([0, 1, 0]);
});

test('without shell, shells are refused on a line of their own, commands work', async () => {
  const proxy = await startProxy({ target, channels: { shell: false } });
  const run = await runSsh(proxy, ['-tt'], { input: 'echo typed\n' });
  expect(run.code).toBe(1);
  expect(run.stdout).toBe('\r\nsallyport: a shell is not allowed in this session\r\n');
  expect((await runSsh(proxy, ['echo a command'])).stdout).toBe('a command\n');
  const putty = await plink(proxy, '', []);
  expect(putty.stderr + putty.stdout).toContain('sallyport: a shell is not allowed');
  expect(putty.stdout).not.toContain('typed\n');
  await soon(() => {
    expect(proxy.sessions.map(({ refused }) => refused)).toEqual([
      [{ kind: 'shell', name: 'shell' }],
      [],
      [{ kind: 'shell', name: 'shell' }],
    ]);
  });
});

test('variables that are named reach the target, as far as it accepts them; the others are refused and noted', async () => {
  const proxy = await startProxy({ target, channels: { env: ['TZ', 'LC_*', 'OWN_*', 'NOT_ACCEPTED'] } });
  const sent = { TZ: 'Asia/Tokyo', LC_ALL: 'C', OWN_ONE: 'a b\nc', NOT_ACCEPTED: '1', OTHER: 'x', LANG: 'C.UTF-8' };
  const words = ['-o', `SendEnv=${Object.keys(sent).join(' ')}`];
  const run = await runSsh(proxy, [...words, 'echo "$TZ/$LC_ALL/$OWN_ONE/$NOT_ACCEPTED/$OTHER"; date +%Z'], {
    env: { ...sshEnv(proxy), ...sent },
  });
  expect(run).toMatchObject({ code: 0, stdout: 'Asia/Tokyo/C/a b\nc//\nJST\n' });
  const [seen] = proxy.sessions;
  await soon(() => {
    expect(seen!.refused).toEqual([{ kind: 'env', name: 'OTHER' }]);
  });
  // The recording has their names; what they held is in no record and no event.
  const records = Buffer.concat(
    seen!.records.filter(({ kind }) => kind === 'channel').map(({ data }) => Buffer.from(data)),
  );
  expect(String(records)).toContain('OWN_ONE');
  expect(String(records) + JSON.stringify(seen!.refused)).not.toContain('Tokyo');
});

test('PuTTY hears which of its variables were taken', async () => {
  const proxy = await startProxy({ target, channels: { env: ['OWN_*'] } });
  const yes = await plink(proxy, 'Environment=OWN_A=1,OWN_B=2', ['echo $OWN_A$OWN_B']);
  expect(yes.stdout).toBe('12\n');
  expect(yes.stderr).toContain('All environment variables successfully set');
  const no = await plink(proxy, 'Environment=OWN_A=1,OTHER=2', ['echo $OWN_A$OTHER']);
  expect(no.stdout).toBe('1\n');
  expect(no.stderr).toMatch(/environment variables.*refused|Server refused/i);
});

test('variables that make programs run something else need their whole name', async () => {
  const telling = { LD_PRELOAD: '/nowhere.so', BASH_ENV: '/nowhere', PROMPT_COMMAND: 'id', LD_OTHER: '1' };
  const words = ['-o', `SendEnv=${Object.keys(telling).join(' ')}`, 'env'];
  const some = await startProxy({ target, channels: { env: ['LD_*', 'B*', 'PROMPT_*'] } });
  const run = await runSsh(some, words, { env: { ...sshEnv(some), ...telling, LD_PRELOAD: '' } });
  expect(run.stdout).not.toMatch(/^(LD_|BASH_ENV|PROMPT_COMMAND)/m);
  await soon(() => {
    expect(some.sessions[0]!.refused.map(({ name }) => name).sort()).toEqual(Object.keys(telling).sort());
  });
  const named = await startProxy({ target, channels: { env: ['LD_OTHER'] } });
  expect((await runSsh(named, words, { env: { ...sshEnv(named), LD_OTHER: '1' } })).stdout).toMatch(/^LD_OTHER=1$/m);
});

test('sockets, remote ports and terminals of others are refused while forwarding is allowed', async () => {
  const pair = `127.0.0.1:${String(sshd.port)}`;
  const proxy = await startProxy({ target, channels: { forward: [pair] } });
  const words = ['-o', 'ForwardX11=yes', '-o', 'ForwardX11Trusted=yes', '-R', `${String(await freePort())}:${pair}`];
  const run = await runSsh(proxy, [...words, '-R', `${proxy.dir}/sock:${pair}`, 'echo $DISPLAY'], {
    env: { ...sshEnv(proxy), DISPLAY: ':77' },
  });
  expect(run.stdout).toBe('\n');
  expect(run.stderr).toMatch(/remote port forwarding failed/);
  const local = await freePort();
  const child = startProcess(
    'sshpass',
    ['-e', 'ssh', ...proxy.ssh, '-NL', `${String(local)}:/run/a.sock`, '127.0.0.1'],
    {
      env: sshEnv(proxy),
    },
  );
  await until(
    () => {
      connect(local, '127.0.0.1')
        .once('error', () => undefined)
        .resume();
      return proxy.sessions[1]?.refused.find(({ name }) => name === 'direct-streamlocal@openssh.com');
    },
    { what: 'the refused socket' },
  );
  await until(() => child.stderr().includes('socket forwarding is not allowed in this session'), { what: 'its text' });
  expect(proxy.sessions[0]!.refused).toEqual(
    expect.arrayContaining([
      { kind: 'x11', name: 'x11-req' },
      { kind: 'forwarded-tcpip', name: 'tcpip-forward' },
      { kind: 'streamlocal', name: 'streamlocal-forward@openssh.com' },
    ]),
  );
  expect(proxy.sessions[0]!.refused).toHaveLength(3);
});
