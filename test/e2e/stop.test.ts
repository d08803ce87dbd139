import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { type Exit, type Running, startProcess } from '../kit/process.ts';
import { descendants } from '../kit/process-tree.ts';
import { until } from '../kit/until.ts';
import { launchProduct, type Product, sshCommand, sshdResources, type Token } from './product.ts';

let product: Product;
let sshd: Sshd;
let token: Token;

beforeAll(async () => {
  [product, sshd] = await Promise.all([launchProduct({ env: { SALLYPORT_DRAIN: '15s' } }), launchSshd()]);
  await product.cli(['apply', '-f', '-'], { input: sshdResources(sshd) });
  token = await product.json<Token>(['token', 'create']);
}, 120_000);

afterAll(async () => {
  await product.stop();
  await sshd.stop();
});

async function openTerminal(command: string): Promise<Running> {
  const { command: words, env } = sshCommand(product, 'admin~box', token.secret, ['-tt']);
  const client = startProcess('sshpass', [...words, `echo up; ${command}`], { env, keepInput: true });
  await client.line(/^up\r?$/);
  return client;
}

/** Sends a signal to the product and gives its end, later. */
function signal(name: NodeJS.Signals): Promise<Exit> {
  product.running().child.kill(name);
  return product.running().exited;
}

async function canConnect(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('data', () => {
      socket.destroy();
      resolve(true);
    });
  });
}

async function reasons(): Promise<readonly string[]> {
  const answer = await fetch(`http://127.0.0.1:${String(product.diagnosticsPort)}/readyz`);
  return ((await answer.json()) as { readonly reasons: readonly string[] }).reasons;
}

async function lastEnds(count: number): Promise<readonly (string | null)[]> {
  const list = await product.json<{ readonly endReason: string | null }[]>(['sessions', 'list']);
  return list.slice(-count).map(({ endReason }) => endReason);
}

it('SIGTERM takes nobody new, says so, and lets sessions end in their own time', async () => {
  const client = await openTerminal('cat');
  const exited = signal('SIGTERM');
  await until(() => client.stdout().includes('this proxy is shutting down; this session ends in 15 seconds'), {
    what: 'the warning',
  });
  expect(await reasons()).toEqual(['draining: this process is about to stop']);
  expect(await canConnect(product.sshPort)).toBe(false);
  // An administrator still sees who is there, and could end it.
  expect(await lastEnds(1)).toEqual([null]);
  client.child.stdin?.write('still here\n');
  await client.line(/^still here/);
  client.child.stdin?.write('\u0004');
  expect((await client.exited).code).toBe(0);
  expect((await exited).code).toBe(0);
  await product.restart();
  expect(await lastEnds(1)).toEqual(['closed-by-client']);
}, 120_000);

it('a second SIGTERM ends the sessions at once, all of them logged', async () => {
  const clients = await Promise.all(Array.from({ length: 4 }, () => openTerminal('while :; do date; done')));
  const exited = signal('SIGTERM');
  await until(() => clients.every((client) => client.stdout().includes('shutting down; this session')), {
    what: 'the warnings',
  });
  const start = performance.now();
  void signal('SIGTERM');
  expect((await exited).code).toBe(0);
  expect(performance.now() - start).toBeLessThan(10_000);
  for (const client of clients) {
    await client.exited;
    expect(client.stdout()).toContain('sallyport: this proxy is shutting down; connect again');
  }
  await product.restart();
  expect(await lastEnds(4)).toEqual(['shutdown', 'shutdown', 'shutdown', 'shutdown']);
  expect((await product.cli(['audit', 'verify'])).stdout).toMatch(/^ok:/);
}, 120_000);

it('Ctrl-C ends the sessions at once', async () => {
  const client = await openTerminal('cat');
  const start = performance.now();
  expect((await signal('SIGINT')).code).toBe(0);
  expect(performance.now() - start).toBeLessThan(10_000);
  await client.exited;
  expect(client.stdout()).toContain('shutting down');
  await product.restart();
  expect(await lastEnds(1)).toEqual(['shutdown']);
}, 120_000);

it('ends within 30 s although a client hangs with output waiting for it, and loses nothing', async () => {
  const client = await openTerminal('yes');
  for (const pid of descendants(client.pid)) process.kill(pid, 'SIGSTOP');
  const start = performance.now();
  expect((await signal('SIGTERM')).code).toBe(0);
  expect(performance.now() - start).toBeGreaterThan(14_000);
  expect(performance.now() - start).toBeLessThan(30_000);
  await product.restart();
  expect(await lastEnds(1)).toEqual(['shutdown']);
  expect((await product.cli(['audit', 'verify'])).stdout).toMatch(/^ok:/);
}, 120_000);
