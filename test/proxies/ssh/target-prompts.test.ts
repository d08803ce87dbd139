import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../../kit/ports.ts';
import { runProcess } from '../../kit/process.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { soon } from '../../kit/until.ts';
import { hostKey, startProxy, type TestProxy, targetOf } from './proxy-kit.ts';
import { codes, sshdWithCode } from './sshd-with-code.ts';

/** A program that answers what ssh asks: the token, and to everything else `answer`; it notes what was asked. */
function answering(
  proxy: TestProxy,
  answer: string,
): { readonly env: NodeJS.ProcessEnv; readonly asked: () => string } {
  const [program, notes] = [join(proxy.dir, 'answer'), join(proxy.dir, 'asked')];
  const script = [
    '#!/bin/sh',
    `printf '%s\\n' "$1" >> ${notes}`,
    `case "$1" in *asks:*) echo '${answer}';; *) echo '${proxy.token}';; esac`,
  ];
  writeFileSync(program, `${script.join('\n')}\n`);
  chmodSync(program, 0o700);
  writeFileSync(notes, '');
  const env = { ...process.env, SSH_ASKPASS: program, SSH_ASKPASS_REQUIRE: 'force' };
  return { env, asked: () => readFileSync(notes, 'utf8') };
}

async function run(proxy: TestProxy, answer: string, ...args: readonly string[]) {
  const { env, asked } = answering(proxy, answer);
  const ended = await runProcess('ssh', [...args, ...proxy.ssh, '127.0.0.1', 'whoami'], { env });
  return { ...ended, asked: asked() };
}

/** A Python program that runs its further arguments on a terminal, and types the first two when it is asked for them. */
const typing = `
import os, pty, sys
pid, fd = pty.fork()
if pid == 0: os.execvp(sys.argv[3], sys.argv[3:])
seen, questions = b'', [(b'as password: ', sys.argv[1]), (b'code: ', sys.argv[2])]
while True:
    try: data = os.read(fd, 4096)
    except OSError: break
    if not data: break
    sys.stdout.buffer.write(data); sys.stdout.buffer.flush()
    seen += data
    if questions and questions[0][0] in seen:
        os.write(fd, questions.pop(0)[1].encode() + b'\\n')
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

const by = (method: string): string[] => [
  '-o',
  `PreferredAuthentications=${method}`,
  '-o',
  'NumberOfPasswordPrompts=1',
];

test('a code that the target asks for beyond the password is asked of the person, by either way to log in', async () => {
  const sshd = await sshdWithCode('keyboard-interactive');
  const proxy = await startProxy({ target: targetOf(sshd) });
  for (const [index, method] of ['keyboard-interactive', 'password,keyboard-interactive'].entries()) {
    const { code, stdout, asked, stderr } = await run(proxy, codes[index]!, ...by(method));
    expect(code, stderr).toBe(0);
    expect(stdout).toBe(`${sshd.username}\n`);
    const questions = asked
      .trim()
      .split('\n')
      .filter((line) => line !== '');
    expect(questions).toHaveLength(2);
    expect(questions[1]).toMatch(/web-1 asks: Verification code:/);
  }
  const told = JSON.stringify(proxy.sessions, (_, value: unknown) => (value instanceof Uint8Array ? '' : value));
  for (const secret of [...codes, sshd.password, 'Verification']) expect(told).not.toContain(secret);
});

test('PuTTY is asked as well, and scp copies through a target that asks', async () => {
  const sshd = await sshdWithCode('keyboard-interactive');
  const proxy = await startProxy({ target: targetOf(sshd) });
  const { env } = answering(proxy, codes[0]!);
  const file = join(proxy.dir, 'file');
  writeFileSync(file, 'content');
  const config = proxy.ssh
    .map((arg) => (arg === '-p' ? '-P' : arg))
    .filter((arg, index, all) => arg !== '-l' && all[index - 1] !== '-l');
  const user = proxy.ssh.at(-1)!;
  const copied = await runProcess('scp', ['-O', ...config, file, `${user}@127.0.0.1:copy`], {
    env,
  });
  expect(copied.code, copied.stderr).toBe(0);
  expect(readFileSync(join(sshd.home, 'copy'), 'utf8')).toBe('content');
  const scan = await runProcess('ssh-keyscan', ['-t', 'ed25519', '-p', String(proxy.port), '127.0.0.1']);
  const listed = await runProcess('ssh-keygen', ['-lf', '-'], { input: scan.stdout });
  const plink = [
    '-no-antispoof',
    '-P',
    String(proxy.port),
    '-l',
    user,
    '-hostkey',
    /SHA256:\S+/.exec(listed.stdout)![0],
  ];
  const answered = await runProcess(
    'python3',
    ['-c', typing, proxy.token, codes[1]!, 'plink', ...plink, '127.0.0.1', 'whoami'],
    {
      env: { ...process.env, HOME: tempDir() },
    },
  );
  expect(answered.stdout).toContain('web-1 asks: Verification code:');
  expect(answered.stdout).toContain(sshd.username);
});

test('after a key as the first factor the code is asked of the person, and a password never', async () => {
  for (const asksPassword of [false, true]) {
    const sshd = await sshdWithCode('publickey,keyboard-interactive', asksPassword);
    const secret = JSON.stringify({ privateKey: sshd.userKeyPem, passphrase: null });
    const proxy = await startProxy({ target: { ...targetOf(sshd), credential: { kind: 'ssh-key', secret } } });
    const { stdout, asked } = await run(proxy, codes[0]!, ...by('keyboard-interactive'));
    expect(stdout).toBe(asksPassword ? '' : `${sshd.username}\n`);
    expect(asked.match(/web-1 asks: .*/g)).toEqual(asksPassword ? null : ['web-1 asks: Verification code: ']);
    expect(proxy.sessions[0]!.ended === 'target-login-failed').toBe(asksPassword);
  }
});

test('a wrong code and a wrong password end the login, and nobody is asked for the password', async () => {
  const sshd = await sshdWithCode('keyboard-interactive');
  const proxy = await startProxy({ target: targetOf(sshd) });
  const wrong = await run(proxy, '00000000', ...by('keyboard-interactive'));
  expect(wrong.code).toBe(1);
  expect(wrong.stderr).toContain(
    'if you typed a code, connect again with a new one; otherwise an administrator checks',
  );
  expect(proxy.sessions[0]!.ended).toBe('target-login-failed');
  const target = { ...targetOf(sshd), credential: { kind: 'password', secret: 'not it' } } as const;
  const other = await startProxy({ target });
  const failed = await run(other, codes[0]!, ...by('keyboard-interactive'));
  expect(failed.code).not.toBe(0);
  expect(failed.asked).not.toMatch(/asks: Password/);
  expect(other.sessions[0]!.ended).toBe('target-login-failed');
});

/** A target that asks this by keyboard-interactive, round after round, and then lets everybody in. */
async function asking(...rounds: readonly (readonly ssh2.Prompt[])[]) {
  const key = hostKey(tempDir(), 'ed25519');
  const answers: string[][] = [];
  const server = new ssh2.Server({ hostKeys: [key.pem] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => {
      if (context.method !== 'keyboard-interactive') {
        context.reject(['keyboard-interactive']);
        return;
      }
      const left = [...rounds];
      const next = (): void => {
        const prompts = left.shift();
        if (prompts === undefined) context.accept();
        else {
          context.prompt([...prompts], 'A\u001b]0;title\u0007', 'B\u202e', (given) => {
            answers.push(given);
            next();
          });
        }
      };
      next();
    });
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  const credential = { kind: 'password', secret: 'the password' } as const;
  return { answers, target: { host: '127.0.0.1', port, hostKeyLine: key.line, username: 'root', credential } };
}

const password = { prompt: 'Password: ', echo: false };
const code = { prompt: 'One-time password: ', echo: false };

test.each([
  ['in one round', [[password, code]], [['the password', '424242']]],
  ['code first', [[code], [password]], [['424242'], ['the password']]],
  ['in four rounds', [[password], [code], [code], [code]], [['the password'], ['424242'], ['424242'], ['424242']]],
])('password and code %s each get their answer', async (_, rounds, answers) => {
  const peer = await asking(...rounds);
  const proxy = await startProxy({ target: peer.target });
  await run(proxy, '424242', ...by('password,keyboard-interactive'));
  expect(peer.answers).toEqual(answers);
  expect(proxy.sessions[0]!.identity).toContain('SHA256:');
});

test.each([
  ['the password once more', [[password], [password]], [['the password']]],
  ['the password in clear', [[{ ...password, echo: true }]], []],
  ['round after round', Array.from({ length: 20 }, () => [code]), Array.from({ length: 8 }, () => ['424242'])],
  ['more than anyone has to answer', [Array.from({ length: 9 }, () => code)], []],
])('a target that asks for %s gets no more', async (_, rounds, answers) => {
  const peer = await asking(...rounds);
  const proxy = await startProxy({ target: peer.target });
  expect((await run(proxy, '424242', ...by('keyboard-interactive'))).code).not.toBe(0);
  expect(peer.answers).toEqual(answers);
  expect(proxy.sessions[0]!.ended).toBe('target-login-failed');
});

test('what a target says is visible text under its name, and a token typed by mistake does not leave', async () => {
  const strange = { prompt: 'Temporary \u001b[31mtoken\nas password: ', echo: false };
  const peer = await asking([{ ...strange, prompt: `${strange.prompt}${'x'.repeat(5000)}` }]);
  const proxy = await startProxy({ target: peer.target });
  const { asked, code: exit } = await run(proxy, proxy.token, ...by('keyboard-interactive'));
  expect(exit).not.toBe(0);
  expect(peer.answers).toEqual([]);
  const question = asked.slice(asked.indexOf('web-1 asks'));
  expect(question).toContain('web-1 asks: Temporary \\u{1b}[31mtoken as password: xxx');
  expect(asked).not.toMatch(/[\u001b\u0007\u202e]/);
  expect(asked.length).toBeLessThan(2000);
});

test('a person may take longer than the target may', async () => {
  const peer = await asking([code]);
  const connectMilliseconds = 5_000;
  const proxy = await startProxy({ target: peer.target, connectMilliseconds });
  const client = new ssh2.Client();
  onTestFinished(() => void client.destroy());
  const ready = new Promise<void>((resolve, reject) => client.on('ready', resolve).on('error', reject));
  client.on('keyboard-interactive', (_name, _about, _language, prompts, finish) => {
    if (prompts[0]?.prompt.includes('asks') === true) setTimeout(() => finish(['424242']), connectMilliseconds + 500);
    else finish([proxy.token]);
  });
  client.connect({ host: '127.0.0.1', port: proxy.port, username: proxy.ssh.at(-1)!, tryKeyboard: true });
  await ready;
  expect(peer.answers).toEqual([['424242']]);
});

test('a person who does not answer in time, or whose client can not ask, ends the login', async () => {
  const peer = await asking([code]);
  const slow = await startProxy({ target: peer.target, askMilliseconds: 200 });
  const client = new ssh2.Client();
  onTestFinished(() => void client.destroy());
  client.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => client.on('close', () => resolve()));
  client.on('keyboard-interactive', (_name, _about, _language, prompts, finish) => {
    if (prompts[0]?.prompt.includes('asks') !== true) finish([slow.token]);
  });
  client.connect({ host: '127.0.0.1', port: slow.port, username: slow.ssh.at(-1)!, tryKeyboard: true });
  await ended;
  expect(slow.sessions[0]!.ended).toBe('target-login-failed');

  const proxy = await startProxy({ target: peer.target });
  expect((await run(proxy, '424242', ...by('password'))).code).toBe(255);
  await soon(() => {
    expect(proxy.sessions[0]!.ended).toBe('closed-by-client');
  });
  expect(peer.answers).toEqual([]);
});
