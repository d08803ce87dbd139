import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Api } from '../../src/client/api.ts';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { runProcess, startProcess } from '../kit/process.ts';
import { terminal } from '../kit/terminal.ts';
import { until } from '../kit/until.ts';
import { installationOf, logIn } from './person.ts';
import { launchProduct, type Product, sshCommand, sshdResources, type Token } from './product.ts';

let sshd: Sshd;
let product: Product;
let token: Token;

beforeAll(async () => {
  [sshd, product] = await Promise.all([launchSshd(), launchProduct()]);
  const typed = sshdResources(sshd).replace('targets: [box]}', 'targets: [box], channels: {ssh: {typed: true}}}');
  await product.cli(['apply', '-f', '-'], { input: typed });
  token = await product.json<Token>(['token', 'create']);
}, 120_000);
afterAll(async () => {
  await product.stop();
  await sshd.stop();
});

const newest = async (): Promise<string> => {
  const all = await product.json<readonly { id: string; endedAt: string | null }[]>(['sessions', 'list']);
  return all.at(-1)?.id ?? '';
};

/** Through `sh`, so that both outputs of ssh go into one pipe. */
async function together(options: string, command: string, input?: string) {
  const { command: words, env } = sshCommand(product, 'admin~box', token.secret);
  const line = `sshpass ${words.slice(0, 2).join(' ')} ${options} ${words.slice(2).join(' ')} "$0" 2>&1`;
  const run = await runProcess('/bin/sh', ['-c', line, command], { env, ...(input === undefined ? {} : { input }) });
  return { received: run.stdoutBytes, id: await newest() };
}

async function bytesOf(...args: readonly string[]): Promise<Buffer> {
  const { command, args: all, env } = product.cliCommand(args);
  const run = await runProcess(command, all, { env });
  expect(run.code, run.stderr).toBe(0);
  return run.stdoutBytes;
}

it.each([
  ['1 MiB of anything', '-T', 'head -c 1M /dev/urandom'],
  [
    'a terminal',
    '-tt',
    'printf "\\033]52;c;aGk=\\007\\033[31mred\\033[0m\\n"; stty size; cat /etc/services | head -c 200000',
  ],
])(
  '%s is replayed byte for byte as the client received it',
  async (_what, options, command) => {
    const { received, id } = await together(options, command);
    // ssh itself says that a terminal's connection is closed.
    const said = received.subarray(
      0,
      received.length - (options === '-tt' ? 'Connection to 127.0.0.1 closed.\r\n'.length : 0),
    );
    expect(said.length).toBeGreaterThan(30);
    expect((await bytesOf('sessions', 'play', id, '--speed', 'max')).equals(said)).toBe(true);
    expect((await bytesOf('recordings', 'export', id, '--as', 'raw')).equals(said)).toBe(true);
    expect((await bytesOf('sessions', 'play', id, '--speed', 'max', '--from', '1:00:00')).length).toBe(0);
  },
  60_000,
);

it('both outputs of a command are recorded as the client received them, each for itself', async () => {
  const { command, env } = sshCommand(product, 'admin~box', token.secret);
  const words = [...command, 'for i in 1 2 3; do echo "out $i"; echo "err $i" >&2; done; printf "\\377\\200"'];
  const run = await runProcess('sshpass', words, { env });
  const id = await newest();
  const lines = (await bytesOf('recordings', 'export', id, '--as', 'jsonl')).toString().trim().split('\n');
  const records = lines.map((line) => JSON.parse(line) as { kind: string; text?: string; base64?: string });
  const recorded = (of: string): Buffer =>
    Buffer.concat(
      records
        .filter(({ kind }) => kind === of)
        .map(({ text, base64 }) => (text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text))),
    );
  expect(recorded('output').equals(run.stdoutBytes)).toBe(true);
  expect(recorded('stderr').toString()).toBe(run.stderr);
  expect(run.stderr).toBe('err 1\nerr 2\nerr 3\n');
  const played = await bytesOf('sessions', 'play', id, '--speed', 'max');
  expect(played.length).toBe(run.stdoutBytes.length + run.stderr.length);
}, 60_000);

it('on a terminal a replay can not reach beyond the screen', async () => {
  const { id } = await together('-T', 'printf "\\033]52;c;aGk=\\007\\033[c\\033[31mred\\033[0m\\n"');
  const { command, args, env } = product.cliCommand(['sessions', 'play', id, '--speed', 'max']);
  const shown = await runProcess('python3', ['-c', terminal, command, ...args], { env: { ...env, TERM: 'xterm' } });
  expect(shown.stdout).toContain('\u001b[31mred\u001b[0m');
  expect(shown.stdout).not.toContain(']52');
  expect(shown.stdout).not.toContain('\u001b[c');
}, 60_000);

it('what a terminal echoed is in the transcript, and a password typed without echo in no export and no file', async () => {
  const { command, env } = sshCommand(product, 'admin~box', token.secret);
  const words = [
    ...command.slice(0, 2),
    '-tt',
    ...command.slice(2),
    'exec env TERM=xterm PS1="ready> " HISTFILE= bash --norc -i',
  ];
  const client = startProcess('sshpass', words, { env, keepInput: true });
  const type = async (keys: string, sees: string): Promise<void> => {
    const from = client.stdout().length;
    client.child.stdin?.write(keys);
    await until(() => client.stdout().slice(from).includes(sees), { what: `${sees} after ${keys}` });
  };
  await type('', 'ready> ');
  await type("read -s -p 'Secret: ' x\r", '\rSecret: ');
  await type('canary-never-kept\r', 'ready> ');
  await type("echo 'seen'\u001b[D'again'\r", 'ready> ');
  await type("echo $'\\e]0;title\\a'known\r", 'known\r\n');
  client.child.stdin?.write('exit\r');
  await client.exited;
  const id = await newest();
  const text = (await bytesOf('recordings', 'export', id, '--as', 'text')).toString();
  expect(text.split('\n').map((line) => line.replace(/^\d+:\d\d:\d\d\.\d{3} {2}\[0\] {2}/, ''))).toEqual([
    'exec on a terminal: exec env TERM=xterm PS1="ready> " HISTFILE= bash --norc -i',
    "> read -s -p 'Secret: ' x",
    '> (line not known: not-echoed)',
    '> (line not known: cursor)',
    "> echo $'\\e]0;title\\a'known",
    '> exit',
    'ended, exit 0',
    '',
  ]);
  const api = new Api(installationOf(product), (await logIn(product)).bearer);
  let served = '';
  for await (const line of api.lines(`/api/v1/recordings/${id}?as=text`)) served += `${line}\n`;
  expect(served).toBe(text);
  const cast = (await bytesOf('recordings', 'export', id, '--as', 'asciicast')).toString();
  expect(cast).toContain(String.raw`"i","echo $'\\e]0;title\\a'known\r"]`);
  expect(cast).toContain('"m","channel 0: exit 0"]');
  const lines = (await bytesOf('recordings', 'export', id, '--as', 'jsonl')).toString();
  expect(lines).toContain('"kind":"hidden"');
  for (const exported of [text, cast, lines]) expect(exported).not.toContain('canary-never-kept');
  const folder = join(product.dataFolder, 'recordings');
  for (const file of readdirSync(folder)) expect(readFileSync(join(folder, file)).includes('canary-never')).toBe(false);
}, 60_000);

it('a follower gets only what comes when it asks for that, and one that reads nothing holds nobody up', async () => {
  const { command, env } = sshCommand(product, 'admin~box', token.secret);
  const client = startProcess('sshpass', [...command, 'echo before; read go; head -c 5M /dev/urandom; echo after'], {
    env,
    keepInput: true,
  });
  await client.line(/before/);
  const id = await newest();
  const follow = product.cliCommand(['sessions', 'play', id, '--follow', '--from', 'end']);
  const follower = startProcess(follow.command, follow.args, { env: follow.env });
  const lazy = product.cliCommand(['sessions', 'play', id, '--follow']);
  const reader = spawn(lazy.command, lazy.args, { env: lazy.env, stdio: ['ignore', 'pipe', 'ignore'] });
  const readings = async (): Promise<number> =>
    (await product.cli(['audit', 'events', '--type', 'RecordingRead', '--session', id])).stdout.split('\n').length - 1;
  await until(async () => (await readings()) === 2, { what: 'both followers', deadlineMs: 30_000 });
  client.child.stdin?.end('go\n');
  expect((await client.exited).code).toBe(0);
  expect((await follower.exited).code).toBe(0);
  expect(follower.stdoutBytes().length).toBe(5 * 1024 * 1024 + 'after\n'.length);
  let bytes = 0;
  for await (const piece of reader.stdout as AsyncIterable<Buffer>) bytes += piece.length;
  expect(bytes).toBe('before\n'.length + 5 * 1024 * 1024 + 'after\n'.length);
}, 120_000);

it('of several channels one can be played alone', async () => {
  const { command, env } = sshCommand(product, 'admin~box', token.secret);
  const control = join(product.dataFolder, '..', 'mux');
  const at = command.indexOf('127.0.0.1');
  const shared = [...command.slice(0, at), '-S', control];
  const master = startProcess('sshpass', [...shared, '-M', '-N', '127.0.0.1'], { env });
  const over = (...words: string[]) => runProcess('sshpass', [...shared, ...words], { env });
  await until(async () => (await over('-O', 'check', '127.0.0.1')).code === 0, { what: 'the shared connection' });
  await over('127.0.0.1', 'echo first');
  await over('127.0.0.1', 'echo second');
  await master.stop();
  const id = await newest();
  const all = await product.cli(['sessions', 'play', id, '--speed', 'max']);
  expect(all.stdout).toBe('first\nsecond\n');
  const [, second] = /channels (\d+), (\d+);/.exec(all.stderr)?.slice(1) ?? [];
  expect((await product.cli(['sessions', 'play', id, '--speed', 'max', '--channel', String(second)])).stdout).toBe(
    'second\n',
  );
  for (const words of [
    ['sessions', 'play', id, '--speed', 'max', '--channel', '9'],
    ['recordings', 'export', id, '--as', 'raw', '--channel', '9'],
  ]) {
    const none = await product.cli(words, { code: 1 });
    expect(none.stdout).toBe('');
    expect(none.stderr).toContain('the recording has no channel 9;');
  }
}, 60_000);

it('after kill -9 in the middle of heavy output the recording holds all that the client received (L16)', async () => {
  const { command, env } = sshCommand(product, 'admin~box', token.secret);
  const client = startProcess('sshpass', [...command, 'head -c 200M /dev/urandom'], { env });
  await until(() => client.stdoutBytes().length > 4 << 20, { what: 'output', deadlineMs: 30_000 });
  await product.kill();
  await client.exited;
  await product.restart();
  const received = client.stdoutBytes();
  const recorded = await bytesOf('recordings', 'export', await newest(), '--as', 'raw');
  expect(recorded.length).toBeGreaterThanOrEqual(received.length);
  expect(recorded.subarray(0, received.length).equals(received)).toBe(true);
  expect((await bytesOf('recordings', 'export', await newest(), '--as', 'text')).toString()).toContain(
    'gap: unfinished',
  );
  const played = await product.cli(['sessions', 'play', await newest(), '--speed', 'max']);
  expect(played.code).toBe(0);
  expect(played.stderr).toContain('the recording breaks off here: unfinished');
}, 120_000);
