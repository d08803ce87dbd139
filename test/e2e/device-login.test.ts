import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Api } from '../../src/client/api.ts';
import { findInstallation } from '../../src/client/installation.ts';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { runProcess } from '../kit/process.ts';
import { startTerminal, type Terminal } from '../kit/pty.ts';
import { makeTempDir } from '../kit/temp-dir.ts';
import { type Browser, openBrowser } from './browser.ts';
import { logIn, type Person } from './person.ts';
import { launchProduct, type Product, sshCommand, sshdResources } from './product.ts';

const password = 'a long enough pass phrase 77';
const people = ['ann', 'bob', 'dee', 'eva'].map(
  (name) => `apiVersion: sallyport/v1\nkind: User\nmetadata: {name: ${name}}\nspec: {password: ${password}}\n`,
);
const changing = `apiVersion: sallyport/v1\nkind: User\nmetadata: {name: cay}\nspec: {password: ${password}, mustChange: true}\n`;

let product: Product;
let sshd: Sshd;
let admin: Person;
let ann: Browser;
let bob: Browser;
let home: string;

beforeAll(async () => {
  [product, sshd] = await Promise.all([launchProduct(), launchSshd()]);
  admin = await logIn(product);
  await admin.apply([sshdResources(sshd), ...people, changing].join('---\n'));
  ann = await openBrowser(product, 'ann', password);
  bob = await openBrowser(product, 'bob', password);
}, 120_000);
afterAll(async () => {
  await product.stop();
  await sshd.stop();
});
beforeEach((context) => {
  const folder = makeTempDir();
  home = folder.path;
  context.onTestFinished(() => folder.remove());
});

const environment = (): Record<string, string> => ({ PATH: process.env.PATH ?? '', HOME: home });

/** The command line before a person, without anything in the environment. */
function atTerminal(...words: readonly string[]): Terminal {
  const { command, args } = product.cliCommand(words);
  return startTerminal(command, args, { columns: 160, rows: 24, env: environment() });
}

async function run(...words: readonly string[]) {
  const { command, args } = product.cliCommand(words);
  return runProcess(command, args, { env: environment() });
}

async function codeShown(terminal: Terminal): Promise<string> {
  await terminal.shows(/user_code=[A-Z]{4}-[A-Z]{4}/);
  return /user_code=([A-Z]{4}-[A-Z]{4})/.exec(terminal.output())?.[1] ?? '';
}

describe('sallyport login', () => {
  it('shows a page and a code, and is logged in as who confirms it there', async () => {
    const before = await admin.head();
    const terminal = atTerminal('login');
    const code = await codeShown(terminal);
    expect(terminal.output()).toContain(`https://localhost:${String(product.webPort)}/auth/device?user_code=${code}`);
    await terminal.shows(`code: ${code} (for 10 minutes)`);

    const page = await ann.see(`/auth/device?user_code=${code}`);
    expect(page.status).toBe(200);
    expect(page.body).toContain(code);
    expect(page.body).toContain('127.0.0.1');
    expect(page.body).toContain('sallyport on ');
    expect((await admin.events(before)).some(({ type }) => type.startsWith('DeviceGrant'))).toBe(false);

    expect(await ann.send('/auth/device', { code, answer: 'confirm' })).toMatchObject({ status: 303 });
    expect(await terminal.exited).toMatchObject({ code: 0 });
    expect(terminal.output()).toContain('Logged in as ann at https://localhost:');
    const approved = await admin.event(before, 'the approval', ({ type }) => type === 'DeviceGrantApproved');
    const used = await admin.event(before, 'its use', ({ type }) => type === 'DeviceGrantUsed');
    const opened = await admin.event(before, 'the login', ({ type }) => type === 'LoginOpened');
    expect(approved.data).toMatchObject({ door: 'cli', source: '127.0.0.1', userId: opened.data.userId });
    expect(used).toMatchObject({ stream: approved.stream, data: { passId: opened.stream } });
    expect(opened.data).toMatchObject({ door: 'cli', provider: 'local', factors: ['UP'] });

    const status = await run('status', '--format', 'json');
    expect(JSON.parse(status.stdout)).toMatchObject({ user: 'ann', provider: 'local', factors: ['UP'] });
    expect((await run('status')).stdout).toContain('logged in by local with password');
    expect((await run('token', 'create')).stdout).toMatch(/^spt_/);
    expect(await run('logout')).toMatchObject({ code: 0 });
    expect(await run('status')).toMatchObject({ code: 1 });
    const page2 = await ann.see(`/auth/device?user_code=${code}`);
    expect(page2.body).not.toContain('sallyport on ');
  });

  it('says that it was denied', async () => {
    const terminal = atTerminal('login');
    const code = await codeShown(terminal);
    await ann.send('/auth/device', { code, answer: 'refuse' });
    expect(await terminal.exited).toMatchObject({ code: 1 });
    expect(terminal.output()).toContain('sallyport: the login was denied');
    expect(await run('status')).toMatchObject({ code: 1 });
  });

  it('keeps no login that rests on another provider than the one that was named', async () => {
    const before = await admin.head();
    const terminal = atTerminal('login', '--provider', 'corp');
    const code = await codeShown(terminal);
    await ann.send('/auth/device', { code, answer: 'confirm' });
    expect(await terminal.exited).toMatchObject({ code: 1 });
    expect(terminal.output()).toContain('by the provider local, not by corp');
    await admin.event(before, 'its end', ({ type }) => type === 'LoginClosed');
    expect(await run('status')).toMatchObject({ code: 1 });
  });

  it('is asked of nobody without a terminal', async () => {
    const before = await admin.head();
    const refused = await run('login');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain('no terminal');
    expect(await admin.events(before)).toEqual([]);
  });

  it('with --user asks for the password, and never shows it', async () => {
    const terminal = atTerminal('login', '--user', 'ann');
    await terminal.shows('Password: ');
    terminal.type(`${password}\r`);
    expect(await terminal.exited).toMatchObject({ code: 0 });
    expect(terminal.output()).toContain('Logged in as ann');
    expect(terminal.output()).not.toContain(password);
  });

  it('asks twice for a new password when the old one must be changed, and goes on with it', async () => {
    const terminal = atTerminal('login', '--user', 'cay');
    await terminal.shows('Password: ');
    terminal.type(`${password}\r`);
    for (const [first, second, problem] of [
      ['short', 'short', 'That was not taken: '],
      ['quite another pass phrase 4', 'quite another pass phrase 5', 'the two were not the same'],
      ['quite another pass phrase 4', 'quite another pass phrase 4', 'The password was changed.'],
    ] as const) {
      const from = terminal.output().length;
      await terminal.shows(/New password: $/);
      terminal.type(`${first}\r`);
      await terminal.shows(/New password again: $/);
      terminal.type(`${second}\r`);
      await terminal.shows(problem, from);
    }
    expect(await terminal.exited).toMatchObject({ code: 0 });
    expect(terminal.output()).toContain('Logged in as cay');
  });
});

describe('a second factor', () => {
  it('is asked for after the password, and a recovery code does where the app is not at hand', async () => {
    const installation = findInstallation({
      data: product.dataFolder,
      server: undefined,
      ca: undefined,
      environment: {},
    });
    const dee = new Api(installation, (await logIn(product, 'dee', password)).bearer);
    type Begun = { readonly secret: string; readonly sealed: string };
    const { secret, sealed } = await dee.rest<Begun>('POST', '/auth/factors/totp', { label: 'phone' });
    await dee.rest('POST', '/auth/factors/totp/finish', { sealed, code: await codeOf(secret, 0) });
    type Drawn = { readonly codes: readonly string[] };
    const admin = new Api(installation, (await logIn(product)).bearer);
    const { codes } = await admin.rest<Drawn>('POST', '/auth/factors/recovery-codes', { user: 'dee' });

    const asked = 'Code of your authenticator app, or a recovery code: ';
    for (const [answer, done, said] of [
      ['000 000', 1, 'sallyport: the login failed'],
      // The next step's: the one of now was used up.
      [await codeOf(secret, 30), 0, 'Logged in as dee'],
      [codes[0] ?? '', 0, 'Logged in as dee'],
      [codes[0] ?? '', 1, 'sallyport: the login failed'],
    ] as const) {
      const terminal = atTerminal('login', '--user', 'dee');
      await terminal.shows('Password: ');
      terminal.type(`${password}\r`);
      await terminal.shows(asked);
      terminal.type(`${answer}\r`);
      expect(await terminal.exited).toMatchObject({ code: done });
      expect(terminal.output()).toContain(said);
      expect(terminal.output()).not.toContain(answer);
    }
    expect((await run('status')).stdout).toContain('with password, recovery code');

    const { command, args, env } = product.cliCommand(['token', 'list'], { user: 'dee', password });
    const script = await runProcess(command, args, { env: { ...env, HOME: home } });
    expect(script).toMatchObject({ code: 1, stdout: '' });
    expect(script.stderr).toContain('is needed and there is no terminal to ask at');
  });

  /** RFC 6238 by Python, so many seconds from now. */
  async function codeOf(secret: string, seconds: number): Promise<string> {
    const program = `import base64, hmac, struct, sys, time
key = base64.b32decode(sys.argv[1] + '=' * (-len(sys.argv[1]) % 8))
mac = hmac.digest(key, struct.pack('>Q', (int(time.time()) + int(sys.argv[2])) // 30), 'sha1')
at = mac[-1] & 15
print(str((struct.unpack('>I', mac[at:at + 4])[0] & 0x7fffffff) % 1000000).zfill(6))`;
    const told = await runProcess('/usr/bin/python3', ['-c', program, secret, String(seconds)]);
    return told.stdout.trim();
  }
});

it('an administrator makes a link by which somebody sets their password', async () => {
  const made = await product.json<{ readonly link: string; readonly user: string }>(['user', 'reset-link', 'eva']);
  expect(made.link).toMatch(/^https:\/\/localhost:\d+\/auth\/reset\?link=spr_/);
  const link = new URL(made.link).searchParams.get('link');
  const form = { link, password: 'quite another pass phrase 6' };
  const set = await ann.json('/auth/reset-password', form);
  expect(set.status).toBe(204);
  expect((await ann.json('/auth/reset-password', form)).status).toBe(422);
  await logIn(product, 'eva', form.password);
  const refused = await product.cli(['user', 'reset-link', 'bob'], { user: 'ann', password, code: 1 });
  expect(refused.stderr).not.toContain('spr_');
});

describe('ssh without a token', () => {
  function ssh(login: string): Terminal {
    const only = ['-o', 'PreferredAuthentications=keyboard-interactive'];
    const { command } = sshCommand(product, login, '', only);
    return startTerminal('ssh', [...command.slice(2), 'echo', 'you are in'], {
      columns: 160,
      rows: 24,
      env: { ...environment(), TERM: 'dumb' },
    });
  }

  async function begun(login: string): Promise<{ readonly terminal: Terminal; readonly code: string }> {
    const terminal = ssh(login);
    await terminal.shows('Temporary token as password: ');
    terminal.type('\r');
    return { terminal, code: await codeShown(terminal) };
  }

  it('opens the session once its own person has confirmed it in the browser, by a token that ends with the connection', async () => {
    const before = await admin.head();
    const { terminal, code } = await begun('ann~box');
    const page = await ann.see(`/auth/device?user_code=${code}`);
    expect(page.body).toContain('box');
    expect(page.body).toContain('OpenSSH');
    await ann.send('/auth/device', { code, answer: 'confirm' });
    await terminal.shows('press Enter');
    terminal.type('\r');
    await terminal.shows('you are in');
    expect(await terminal.exited).toMatchObject({ code: 0 });
    const used = await admin.event(before, 'the use', ({ type }) => type === 'DeviceGrantUsed');
    const admitted = await admin.event(before, 'the session', ({ type }) => type === 'SessionAdmitted');
    expect(admitted.stream).toBe(used.data.passId);
    const over = await admin.event(before, 'the end', ({ type }) => type === 'TemporaryTokenRevoked');
    expect(over.stream).toBe(used.data.passId);
  });

  it('lets nobody in when somebody else confirmed it (security rule A6), nor before it was', async () => {
    const before = await admin.head();
    const { terminal, code } = await begun('ann~box');
    const from = terminal.output().length;
    terminal.type('\r');
    await terminal.shows('Not confirmed yet', from);
    const answer = await bob.send('/auth/device', { code, answer: 'confirm' });
    expect(answer.status).toBe(422);
    const denied = await admin.event(before, 'the no', ({ type }) => type === 'DeviceGrantDenied');
    expect(denied.data).toMatchObject({ reason: 'other-person', door: 'ssh' });
    expect((await ann.send('/auth/device', { code, answer: 'confirm' })).status).toBe(422);
    terminal.type('\r');
    expect(await terminal.exited).toMatchObject({ code: 255 });
    expect(terminal.output()).not.toContain('you are in');
    expect((await admin.events(before)).map(({ type }) => type)).not.toContain('TemporaryTokenIssued');
  });
});
