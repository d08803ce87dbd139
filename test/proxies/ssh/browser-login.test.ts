import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { BrowserLoginWish } from '../../../src/application/ports/browser-login.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { startTerminal, type Terminal } from '../../kit/pty.ts';
import { until } from '../../kit/until.ts';
import { login, startProxy, targetOf, type TestProxy, type TestProxyOptions, userName } from './proxy-kit.ts';

let sshd: Sshd;

beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});

interface Browser {
  readonly proxy: TestProxy;
  readonly begun: BrowserLoginWish[];
  readonly polls: string[];
  /** What the next polls say; `token` the good one. */
  answer: 'waiting' | 'token' | 'other-token' | null;
  ended: number;
}

async function withBrowser(over: Partial<TestProxyOptions> = {}, offered = true): Promise<Browser> {
  const made: { -readonly [K in keyof Browser]?: Browser[K] } = {};
  const browser = Object.assign(made, { begun: [], polls: [], answer: 'waiting', ended: 0 }) as unknown as Browser;
  made.proxy = await startProxy({
    target: targetOf(sshd),
    browserLogin: (token) => async (wish) => {
      browser.begun.push(wish);
      if (!offered) return null;
      return {
        page: 'https://sallyport.example/auth/device?user_code=BCDF-GHJK',
        poll: async () => {
          browser.polls.push(String(browser.answer));
          if (browser.answer === 'token') return { secret: token };
          return browser.answer === 'other-token' ? { secret: 'spt_of_somebody_else' } : browser.answer;
        },
        end: async () => {
          browser.ended += 1;
        },
      };
    },
    ...over,
  });
  return browser;
}

const page = 'https://sallyport.example/auth/device?user_code=BCDF-GHJK';
const enter = 'When it is confirmed, press Enter here: ';

/** OpenSSH at a terminal, at the question for the token. */
async function atTheQuestion({ proxy }: Browser): Promise<Terminal> {
  const words = ['-o', 'PreferredAuthentications=keyboard-interactive', '-o', 'NumberOfPasswordPrompts=1'];
  const terminal = startTerminal('ssh', [...words, ...proxy.ssh, '127.0.0.1', 'whoami'], {
    columns: 120,
    rows: 24,
    env: { ...process.env, TERM: 'dumb' },
  });
  await terminal.shows('Temporary token as password: ');
  return terminal;
}

test('who has no token presses Enter, confirms in a browser, and is let in as the name they came with', async () => {
  const browser = await withBrowser();
  const terminal = await atTheQuestion(browser);
  expect(terminal.output()).toContain('No token: press Enter to log in in a browser. Temporary token as password: ');
  expect(browser.begun).toEqual([]);
  terminal.type('\r');
  await terminal.shows(enter);
  expect(terminal.output()).toContain(page);
  expect(browser.begun).toEqual([
    { userName, target: 'web-1', source: '127.0.0.1', client: expect.stringContaining('OpenSSH') },
  ]);
  const before = terminal.output().length;
  terminal.type('\r');
  await terminal.shows('Not confirmed yet', before);
  await terminal.shows(enter, before);
  expect(browser.proxy.shown).toEqual([]);
  browser.answer = 'token';
  terminal.type('\r');
  await terminal.shows(sshd.username);
  expect(await terminal.exited).toMatchObject({ code: 0 });
  expect(browser.proxy.shown).toEqual([{ userName, source: '127.0.0.1', good: true }]);
  await until(() => browser.ended > 0, { what: 'the end of the token' });
});

test.each(['denied', 'of somebody else'])(
  'a confirmation that was %s lets nobody in, like a wrong token',
  async (what) => {
    const browser = await withBrowser();
    browser.answer = what === 'denied' ? null : 'other-token';
    const terminal = await atTheQuestion(browser);
    terminal.type('\r');
    await terminal.shows(enter);
    terminal.type('\r');
    expect(await terminal.exited).toMatchObject({ code: 255 });
    expect(browser.proxy.shown).toMatchObject([{ userName, good: false }]);
    expect(browser.proxy.requests).toEqual([]);
  },
);

test('a token works as before, and begins nothing; where no browser can be of use, Enter is a wrong token', async () => {
  const browser = await withBrowser();
  const terminal = await atTheQuestion(browser);
  terminal.type(`${browser.proxy.token}\r`);
  await terminal.shows(sshd.username);
  expect(browser.begun).toEqual([]);

  const without = await withBrowser({}, false);
  const refused = await atTheQuestion(without);
  refused.type('\r');
  expect(await refused.exited).toMatchObject({ code: 255 });
  expect(without.proxy.shown).toMatchObject([{ good: false }]);
});

test('a person has longer than the time for a login; who leaves is waited for no more', async () => {
  const browser = await withBrowser({ limits: { graceMilliseconds: 3_000, firstStepMilliseconds: 3_000 } });
  const terminal = await atTheQuestion(browser);
  terminal.type('\r');
  await terminal.shows(enter);
  const begun = performance.now();
  await until(() => performance.now() - begun > 4_000, { what: 'the time for a login to go by' });
  browser.answer = 'token';
  terminal.type('\r');
  await terminal.shows(sshd.username);

  const other = await withBrowser();
  const left = await atTheQuestion(other);
  left.type('\r');
  await left.shows(enter);
  left.type('\u0003');
  await left.exited;
  await until(() => other.ended > 0, { what: 'the end of the wait' });
});

test('nobody asks for ever: after twenty times it is a wrong token', async () => {
  const browser = await withBrowser({ limits: { tries: 1 } });
  const client = new ssh2.Client();
  onTestFinished(() => void client.destroy());
  let asked = 0;
  client.on('keyboard-interactive', (_name, _about, _language, _prompts, finish) => {
    asked += 1;
    finish(['']);
  });
  const ended = new Promise<void>((resolve) => client.on('close', () => resolve()));
  client.on('error', () => {});
  client.connect({ host: '127.0.0.1', port: browser.proxy.port, username: login, tryKeyboard: true });
  await ended;
  // The token once, and twenty times whether it is confirmed.
  expect(asked).toBe(21);
  expect(browser.proxy.shown).toMatchObject([{ good: false }]);
});

test('a login name that says nothing begins nothing', async () => {
  const browser = await withBrowser({ limits: { tries: 1 } });
  const client = new ssh2.Client();
  onTestFinished(() => void client.destroy());
  client.on('keyboard-interactive', (_name, _about, _language, _prompts, finish) => finish(['']));
  const ended = new Promise<void>((resolve) => client.on('close', () => resolve()));
  client.on('error', () => {});
  client.connect({ host: '127.0.0.1', port: browser.proxy.port, username: 'a~b~c~d', tryKeyboard: true });
  await ended;
  expect(browser.begun).toEqual([]);
  expect(browser.proxy.shown).toMatchObject([{ good: false }]);
});
