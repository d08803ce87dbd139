import { createServer } from 'node:net';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchSshd, type Sshd, startSshd } from '../../kit/openssh.ts';
import { freePort } from '../../kit/ports.ts';
import { runProcess, startProcess } from '../../kit/process.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { soon, until } from '../../kit/until.ts';
import { hostKey, runSsh, sshEnv, startProxy, type TestTarget, targetOf } from './proxy-kit.ts';

let sshd: Sshd;
let target: TestTarget;

beforeAll(async () => {
  sshd = await launchSshd();
  target = targetOf(sshd);
});
afterAll(async () => {
  await sshd.stop();
});

test('a key from custody opens the target, with and without a passphrase', async () => {
  const credential = (key: object): TestTarget['credential'] => ({ kind: 'ssh-key', secret: JSON.stringify(key) });
  const plain = await startProxy({
    target: { ...target, credential: credential({ privateKey: sshd.userKeyPem, passphrase: null }) },
  });
  expect((await runSsh(plain, ['whoami'])).stdout).toBe(`${sshd.username}\n`);

  const locked = `${tempDir()}/key`;
  await runProcess('/bin/sh', ['-c', `umask 077; cat > ${locked}`], { input: sshd.userKeyPem });
  await runProcess('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'open sesame', '-f', locked]);
  const privateKey = (await runProcess('cat', [locked])).stdout;
  const sealed = await startProxy({
    target: { ...target, credential: credential({ privateKey, passphrase: 'open sesame' }) },
  });
  expect((await runSsh(sealed, ['whoami'])).stdout).toBe(`${sshd.username}\n`);
});

test('a target that leads back to us, or whose name has no address, is not connected', async () => {
  const port = await freePort();
  let touched = 0;
  const server = createServer(() => {
    touched += 1;
  }).listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  const nowhere = async (): Promise<boolean> => {
    throw new Error('no such name');
  };
  for (const leadsToUs of [async () => true, nowhere]) {
    const proxy = await startProxy({ target: { ...target, port }, leadsToUs });
    const run = await runSsh(proxy, ['true']);
    expect(run.code).not.toBe(0);
    expect(run.stderr).toMatch(/leads back to this installation|can't be resolved/);
  }
  expect(touched).toBe(0);
});

test('the target is not touched before the login', async () => {
  const port = await freePort();
  let touched = 0;
  const server = createServer((socket) => {
    touched += 1;
    socket.destroy();
  }).listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  const proxy = await startProxy({ target: { ...target, port } });
  expect((await runSsh(proxy, ['-o', 'NumberOfPasswordPrompts=1', 'true'], { secret: 'spt_wrong' })).code).not.toBe(0);
  expect(touched).toBe(0);
  expect((await runSsh(proxy, ['true'])).stderr).toContain('web-1 cannot be reached');
  expect(touched).toBe(1);
  expect(proxy.sessions[0]!.ended).toBe('target-unreachable');
});

test('an unreachable target and a wrong credential are told apart, and the session ends', async () => {
  const nowhere = await startProxy({ target: { ...target, port: await freePort() } });
  const run = await runSsh(nowhere, ['true']);
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(run.stderr).toContain('sallyport: web-1 cannot be reached');
  expect(nowhere.sessions[0]!.ended).toBe('target-unreachable');

  const wrong = await startProxy({
    target: { ...target, credential: { kind: 'password', secret: 'not the password' } },
  });
  const refused = await runSsh(wrong, ['true']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('refused the login');
  expect(refused.stderr).not.toContain('not the password');
  expect(wrong.sessions[0]!.ended).toBe('target-login-failed');
});

test('a changed host key is refused before any credential is sent, and named for the administrator', async () => {
  const dir = tempDir();
  const hostile = { ed25519: hostKey(dir, 'ed25519'), rsa: hostKey(dir, 'rsa') };
  for (const shown of Object.values(hostile)) {
    const attempts: string[] = [];
    const server = new ssh2.Server({ hostKeys: [shown.pem] }, (client) => {
      client.on('authentication', (context) => {
        attempts.push(context.method);
        context.accept();
      });
      client.on('error', () => undefined);
    });
    const port = await freePort();
    server.listen(port, '127.0.0.1');
    onTestFinished(() => void server.close());

    for (const hostKeyLine of [sshd.hostKeyLine, null]) {
      const proxy = await startProxy({ target: { ...target, port, hostKeyLine } });
      const run = await runSsh(proxy, ['true']);
      expect(run.code).toBe(1);
      expect(run.stderr).toContain('confirms it with "sallyport target scan web-1"');
      expect(proxy.sessions[0]).toMatchObject({ ended: 'target-host-key-refused', offered: shown.line });
    }
    expect(attempts).toEqual([]);
  }
});

/** A target that takes keyboard-interactive only, asks this one thing and lets nobody in; gives what it was answered. */
async function askedFor(prompt: string, echo: boolean): Promise<readonly string[][]> {
  const key = hostKey(tempDir(), 'ed25519');
  const answers: string[][] = [];
  const server = new ssh2.Server({ hostKeys: [key.pem] }, (client) => {
    client.on('authentication', (context) => {
      if (context.method !== 'keyboard-interactive') {
        context.reject(['keyboard-interactive']);
        return;
      }
      context.prompt([{ prompt, echo }], (given) => {
        answers.push(given);
        context.reject([]);
      });
    });
    client.on('error', () => undefined);
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  const proxy = await startProxy({ target: { ...target, port, hostKeyLine: key.line } });
  const password = ['-o', 'PreferredAuthentications=password'];
  expect((await runSsh(proxy, [...password, 'true'])).code).not.toBe(0);
  return answers;
}

test('a target that asks something else than the password gets no secret', async () => {
  expect(await askedFor('Your name and favourite secret: ', true)).toEqual([]);
});

test('a target that asks for the password by keyboard-interactive gets it', async () => {
  expect(await askedFor('Password: ', false)).toEqual([[sshd.password]]);
});

test('a target that goes away ends the session with a message, after its last output', async () => {
  const own = await startSshd();
  const proxy = await startProxy({ target: targetOf(own) });
  const child = startProcess('sshpass', ['-e', 'ssh', ...proxy.ssh, '127.0.0.1', 'echo there; sleep 60'], {
    env: sshEnv(proxy),
  });
  await until(() => child.stdout() === 'there\n', { what: 'the output' });
  await own.stop();
  expect((await child.exited).code).toBe(255);
  expect(child.stderr()).toContain('the target closed the session');
  await soon(() => {
    expect(proxy.sessions[0]!.ended).toBe('closed-by-target');
  });
});
