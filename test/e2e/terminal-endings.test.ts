import { once } from 'node:events';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { TestPage } from '../adapters/terminal/terminal-kit.ts';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { startProcess } from '../kit/process.ts';
import { until } from '../kit/until.ts';
import { launchProduct, type Product, sshCommand, sshdResources, type Token } from './product.ts';
import { logInOnWeb, type WebLogin } from './web/web-login.ts';

interface Session {
  readonly id: string;
  readonly endReason: string | null;
}

let product: Product;
let sshd: Sshd;

beforeAll(async () => {
  // Long enough for any machine: the second signal ends it.
  [product, sshd] = await Promise.all([launchProduct({ env: { SALLYPORT_DRAIN: '300s' } }), launchSshd()]);
  await product.cli(['apply', '-f', '-'], { input: sshdResources(sshd) });
}, 120_000);

afterAll(async () => {
  await product.stop();
  await sshd.stop();
});

/** A page of this login before a shell that has shown something. */
async function openPage(login: WebLogin): Promise<TestPage> {
  const socket = await login.terminal('box');
  const page = new TestPage(socket, false);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');
  page.say({ type: 'open', columns: 80, rows: 24 });
  await page.told('opened');
  page.type("echo on the scre''en\r");
  await page.shows('on the screen');
  return page;
}

async function endOf(id: string): Promise<string | null> {
  const ended = async (): Promise<Session | undefined> =>
    (await product.json<Session[]>(['sessions', 'list'])).find((one) => one.id === id && one.endReason !== null);
  return (await until(ended, { what: 'the end in the list', deadlineMs: 60_000 })).endReason;
}

it('a terminal in the browser ends with the entitlement that it rests on, and says why', async () => {
  const page = await openPage(await logInOnWeb(product));
  const session = await page.session();
  await product.cli(['apply', '-f', '-'], { input: sshdResources(sshd, 'box', ', disabled: true') });
  const message = 'you are no longer entitled to this session';
  expect(await page.told('end')).toEqual({ type: 'end', reason: 'entitlement-lost', message });
  expect(await page.isClosed()).toBe(1000);
  expect(page.output.endsWith(`\r\nsallyport: ${message}\r\n`)).toBe(true);
  expect(await endOf(session)).toBe('entitlement-lost');
  expect((await product.cli(['sessions', 'play', session, '--speed', 'max'])).stdout).toContain(message);
  await product.cli(['apply', '-f', '-'], { input: sshdResources(sshd) });
}, 120_000);

it('a terminal in the browser ends with its login, and says why', async () => {
  const login = await logInOnWeb(product);
  const other = await openPage(await logInOnWeb(product));
  const page = await openPage(login);
  const session = await page.session();
  await login.logout();
  const { reason, message } = await page.told('end');
  // The session says so when it is there in time, else the page's own login does.
  expect(['login-closed', 'login-ended']).toContain(reason);
  expect(message).toContain('log in again');
  await page.isClosed();
  expect(await endOf(session)).toBe('login-closed');
  await expect(login.terminal('box')).rejects.toThrow('401');
  // That of another login of the same person goes on.
  other.type("echo still he''re\r");
  await other.shows('still here');
  other.say({ type: 'close' });
  expect(await other.isClosed()).toBe(1000);
}, 120_000);

it('SIGTERM warns, and at the end says so in the browser as to a native client, with nothing missing in the record', async () => {
  const token = await product.json<Token>(['token', 'create']);
  const { command, env } = sshCommand(product, 'admin~box', token.secret, ['-tt']);
  const native = startProcess('sshpass', [...command, 'echo up; cat'], { env, keepInput: true });
  await native.line(/^up\r?$/);
  const page = await openPage(await logInOnWeb(product));
  const session = await page.session();
  const stop = (): void => void product.running().child.kill('SIGTERM');
  stop();
  const warning = 'this proxy is shutting down; this session ends in 300 seconds';
  expect(await page.told('notice')).toEqual({ type: 'notice', message: warning });
  page.type("echo still he''re\r");
  await page.shows('still here');
  await until(() => native.stdout().includes(warning), { what: 'the warning to the native client' });
  stop();
  const message = 'this proxy is shutting down; connect again';
  expect(await page.told('end')).toEqual({ type: 'end', reason: 'shutdown', message });
  expect(await page.isClosed()).toBe(1000);
  expect((await product.running().exited).code).toBe(0);
  await native.exited;
  expect(native.stdout()).toContain(`sallyport: ${message}`);
  expect(page.output.endsWith(`\r\nsallyport: ${message}\r\n`)).toBe(true);

  await product.restart();
  expect(await endOf(session)).toBe('shutdown');
  const played = (await product.cli(['sessions', 'play', session, '--speed', 'max'])).stdout;
  expect(played).toContain(page.output);
  expect((await product.cli(['audit', 'verify'])).stdout).toMatch(/^ok:/);
}, 180_000);
