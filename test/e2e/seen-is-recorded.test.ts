import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { runProcess, type Running, startProcess } from '../kit/process.ts';
import { until } from '../kit/until.ts';
import { launchProduct, type Product, sshCommand, sshdResources, type Token } from './product.ts';

interface Session {
  readonly id: string;
  readonly endReason: string | null;
}

let product: Product;
let sshd: Sshd;
let token: Token;
let plink: readonly string[];

beforeAll(async () => {
  [product, sshd] = await Promise.all([launchProduct(), launchSshd()]);
  await product.cli(['apply', '-f', '-'], { input: sshdResources(sshd) });
  token = await product.json<Token>(['token', 'create']);
  const fingerprint = await fingerprintIn(join(product.dataFolder, 'ssh_host_keys.pub'));
  plink = ['-batch', '-no-antispoof', '-P', String(product.sshPort), '-hostkey', fingerprint];
}, 120_000);

afterAll(async () => {
  await product.stop();
  await sshd.stop();
});

async function fingerprintIn(file: string): Promise<string> {
  const { stdout } = await promisify(execFile)('ssh-keygen', ['-lf', file]);
  return /SHA256:\S+/.exec(stdout.split('\n').find((line) => line.includes('ED25519')) ?? '')?.[0] ?? '';
}

async function limit(spec: string): Promise<void> {
  const input = `apiVersion: sallyport/v1\nkind: Entitlement\nmetadata: {name: box}\nspec: {access: {targets: [box]}, recording: required${spec}}\n`;
  await product.cli(['apply', '-f', '-'], { input });
}

async function sessions(): Promise<readonly Session[]> {
  return await product.json<Session[]>(['sessions', 'list']);
}

/** A client in a session of its own, past its first line, and the session's id. */
async function open(command: string, by: 'ssh' | 'plink' = 'ssh', terminal = true): Promise<[Running, string]> {
  const known = new Set((await sessions()).map(({ id }) => id));
  const said = `echo up; ${command}`;
  const ssh = sshCommand(product, 'admin~box', token.secret, terminal ? ['-tt'] : []);
  const tty = terminal ? ['-t'] : ['-T'];
  const client =
    by === 'ssh'
      ? startProcess('sshpass', [...ssh.command, said], { env: ssh.env, keepInput: true })
      : startProcess('plink', [...plink, ...tty, '-l', 'admin~box', '-pw', token.secret, '127.0.0.1', said], {
          env: { ...process.env, HOME: product.dataFolder },
          keepInput: true,
        });
  await client.line(/^up\r?$/);
  const session = (await sessions()).find(({ id }) => !known.has(id));
  return [client, session?.id ?? ''];
}

/** The end's reason, after the recording was compared with what the client got. */
async function endOf([client, id]: [Running, string]): Promise<string | null> {
  await client.exited;
  const ended = await until(async () => (await sessions()).find((one) => one.id === id && one.endReason !== null), {
    what: 'the end of the session',
  });
  const exported = await product.cli(['recordings', 'export', id, '--as', 'jsonl']);
  const records = exported.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { kind: string; text?: string; base64?: string })
    .filter(({ kind }) => kind === 'output' || kind === 'stderr')
    .map(({ text, base64 }) => (text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text)));
  expect(Buffer.concat(records).toString('latin1')).toBe(client.stdoutBytes().toString('latin1'));
  return ended.endReason;
}

const chatter = 'while :; do date +%s.%N; sleep 0.1; done';

it('in a session that ends by itself', async () => {
  const [client, id] = await open("printf '\\377\\376 no UTF-8\\n'; cat");
  client.child.stdin?.write('typed\n\u0004');
  expect(await endOf([client, id])).toBe('closed-by-client');
});

it('in one that is idle, whatever its target prints, with the warning', async () => {
  await limit(', idle: 3s');
  const session = await open(chatter);
  expect(await endOf(session)).toBe('idle');
  expect(session[0].stdout()).toMatch(
    /\r\nsallyport: this session ends in 1 second \(idle\), unless you type\r\n[\s\S]*\r\nsallyport: the session was idle for too long\r\n$/,
  );
});

it('in one at its longest duration, with the warning', async () => {
  await limit(', maxSession: 6s');
  const session = await open(chatter);
  expect(await endOf(session)).toBe('max-session');
  expect(session[0].stdout()).toMatch(
    /\r\nsallyport: this session ends in 1 second \(longest duration\)\r\n[\s\S]*\r\nsallyport: the session reached its longest duration\r\n$/,
  );
  await limit('');
});

it.each(['ssh', 'plink'] as const)('in one that its owner ends with a word, by %s on a terminal', async (by) => {
  const session = await open(chatter, by);
  await product.cli(['sessions', 'kill', session[1], '--message', 'lunch \u001b]0;title\u0007\u202e']);
  expect(await endOf(session)).toBe('owner');
  expect(session[0].stdout()).toMatch(
    /\r\nsallyport: you ended this session from elsewhere: lunch \\u\{1b\}\]0;title\\u\{7\}\\u\{202e\}\r\n$/,
  );
});

it.each(['ssh', 'plink'] as const)('without a terminal the word is on standard error of %s', async (by) => {
  const session = await open('cat', by, false);
  await product.cli(['sessions', 'kill', session[1], '--message', 'lunch']);
  await session[0].exited;
  expect(session[0].stderr()).toContain('sallyport: you ended this session from elsewhere: lunch\n');
  expect(session[0].stdout()).toBe('up\n');
});

it('in one whose target goes away', async () => {
  const session = await open('sleep 60');
  const { stdout } = await runProcess('pgrep', ['-u', sshd.username, '-f', 'sshd']);
  for (const pid of stdout.split('\n').filter((line) => line !== '')) process.kill(Number(pid), 'SIGKILL');
  expect(await endOf(session)).toMatch(/^closed-by-target|target-lost$/);
  expect(session[0].stdout()).toMatch(/\r\nsallyport: [^\r\n]*target[^\r\n]*\r\n$/);
});
