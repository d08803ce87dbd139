import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { startTerminal, type Terminal } from '../../kit/pty.ts';
import { login, runSsh, startProxy, targetOf, type TestProxy, type TestProxyOptions } from './proxy-kit.ts';

let sshd: Sshd;

beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});

const question = 'sallyport asks: reason for web-1 (a ticket number): ';

async function proxyThatAsks(over: Partial<TestProxyOptions> = {}): Promise<TestProxy> {
  return await startProxy({ target: targetOf(sshd), asks: 'a ticket number', ...over });
}

/** OpenSSH at a terminal, asked for the token. */
async function atTheQuestion(proxy: TestProxy, ...command: readonly string[]): Promise<Terminal> {
  const words = ['-o', 'PreferredAuthentications=keyboard-interactive', ...proxy.ssh, '127.0.0.1', ...command];
  const terminal = startTerminal('ssh', words, { columns: 120, rows: 24, env: { ...process.env, TERM: 'dumb' } });
  await terminal.shows('Temporary token as password: ');
  terminal.type(`${proxy.token}\r`);
  await terminal.shows(question);
  return terminal;
}

const reasons = (proxy: TestProxy): readonly string[] => proxy.requests.map(({ reason }) => reason);

test('who logs in by keyboard-interactive is asked for a reason, sees it as they type, and is admitted with it', async () => {
  const proxy = await proxyThatAsks();
  const terminal = await atTheQuestion(proxy, 'whoami');
  terminal.type('OPS-7 disk é full\r');
  await terminal.shows(sshd.username);
  expect(await terminal.exited).toMatchObject({ code: 0 });
  expect(terminal.output()).toContain(`${question}OPS-7 disk é full\r\n`);
  expect(reasons(proxy)).toEqual(['', 'OPS-7 disk é full']);
  expect(proxy.sessions).toHaveLength(1);
});

test.each([
  ['nothing', ''],
  ['the token again', 'token'],
])('%s is no reason: it says so, and admission is not asked again', async (_what, given) => {
  const proxy = await proxyThatAsks();
  const terminal = await atTheQuestion(proxy, 'whoami');
  terminal.type(`${given === 'token' ? proxy.token : given}\r`);
  expect(await terminal.exited).toMatchObject({ code: 1 });
  expect(terminal.output()).toContain('sallyport: web-1 needs a reason');
  expect(reasons(proxy)).toEqual(['']);
});

test('who does not answer is not waited for', async () => {
  const proxy = await proxyThatAsks({ limits: { reasonMilliseconds: 200 } });
  const client = new ssh2.Client();
  onTestFinished(() => void client.destroy());
  const asked: string[] = [];
  client.on('keyboard-interactive', (_name, _about, _language, prompts, finish) => {
    asked.push(prompts[0]?.prompt ?? '');
    if (asked.length === 1) finish([proxy.token]);
  });
  const errors: Error[] = [];
  const ended = new Promise<void>((resolve) => client.on('close', () => resolve()));
  client.on('error', (error) => errors.push(error));
  client.connect({ host: '127.0.0.1', port: proxy.port, username: login, tryKeyboard: true });
  await ended;
  // A disconnect in good order is no error.
  expect(errors).toEqual([]);
  expect(asked).toEqual(['Temporary token as password: ', question]);
  expect(reasons(proxy)).toEqual(['']);
});

test('who leaves at the question is not admitted', async () => {
  const proxy = await proxyThatAsks();
  const terminal = await atTheQuestion(proxy);
  terminal.type('\u0003');
  await terminal.exited;

  await proxy.close();
  expect(reasons(proxy)).toEqual(['']);
});

test('who logs in by password is refused with the message, and asked nothing', async () => {
  const proxy = await proxyThatAsks();
  const run = await runSsh(proxy, ['-o', 'PreferredAuthentications=password', 'whoami']);
  expect(run).toMatchObject({ code: 1, stdout: '' });
  expect(run.stderr).toContain('sallyport: web-1 needs a reason');
  expect(reasons(proxy)).toEqual(['']);
});
