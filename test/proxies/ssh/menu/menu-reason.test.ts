import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSshd, type Sshd } from '../../../kit/openssh.ts';
import { startTerminal, type Terminal } from '../../../kit/pty.ts';
import { sshEnv, startProxy, targetOf, type TestProxy, type TestProxyOptions, userName } from '../proxy-kit.ts';
import { open } from './menu-kit.ts';

let sshd: Sshd;

beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});

const asks = 'a ticket number, as \u001bOPS-123';
const question = (account: string): string =>
  `sallyport asks: reason for ${account} on web-1 (a ticket number, as \\u{1b}OPS-123): `;
const none = 'no reason was given: it takes one line of at most 500 characters, without secrets';

async function menuThatAsks(over: Partial<TestProxyOptions> = {}): Promise<TestProxy> {
  const needs = { reason: `needs a reason: ${asks}`, asks, recording: null };
  const reachable = () => [open('zz-other'), open('web-1', { account: sshd.username, ...needs })];
  return await startProxy({ target: targetOf(sshd), asks, reachable, ...over });
}

function menu(proxy: TestProxy, term = 'dumb'): Terminal {
  const words = ['-e', 'ssh', '-l', userName, '-o', 'NumberOfPasswordPrompts=1', ...proxy.ssh, '127.0.0.1'];
  return startTerminal('sshpass', words, { columns: 120, rows: 24, env: { ...sshEnv(proxy), TERM: term } });
}

test.each(['dumb', 'xterm'])(
  'TERM=%s: who chooses what needs a reason is asked for it, then it opens',
  async (term) => {
    const proxy = await menuThatAsks();
    const terminal = menu(proxy, term);
    await terminal.shows(/web-1 .*needs a reason: a ticket number, as \\u\{1[^]*zz-other/);
    terminal.type('web-1\r');
    await terminal.shows(question(sshd.username));
    expect(proxy.requests).toEqual([]);
    // What is typed behind the reason is the session's.
    terminal.type('OPS-8x\u007f: disk é full\recho in-$((40+2)); exit 7\r');
    await terminal.shows('in-42');
    expect(await terminal.exited).toMatchObject({ code: 7 });
    expect(proxy.requests).toMatchObject([
      { destination: { target: 'web-1', account: sshd.username }, reason: 'OPS-8: disk é full' },
    ]);
    expect(terminal.output()).toMatch(/OPS-8x.+: disk é full\r\nsallyport: connecting to/);
  },
);

test.each([
  ['Ctrl-C', 'OPS-1\u0003'],
  ['nothing but spaces', '  \r'],
  ['too much', `${'x'.repeat(501)}\r`],
  ['a token', `spt_${'a'.repeat(30)}\r`],
])('%s is no reason: nobody is asked for admission, and the menu is there again', async (_what, typed) => {
  const proxy = await menuThatAsks();
  const terminal = menu(proxy);
  await terminal.shows(/q to leave: $/);
  terminal.type('web-1\r');
  await terminal.shows(question(sshd.username));
  terminal.type(typed);
  await terminal.shows(new RegExp(`${none}\\r\\n[^]*2 to choose from[^]*q to leave: $`));
  expect(proxy.requests).toEqual([]);
  terminal.type('web-1\r');
  await terminal.shows(question(sshd.username), terminal.output().lastIndexOf('to choose from'));
  terminal.type('OPS-2\rexit 3\r');
  expect(await terminal.exited).toMatchObject({ code: 3 });
  expect(proxy.requests.map(({ reason }) => reason)).toEqual(['OPS-2']);
});

test('the reason for one choice is none for the next', async () => {
  const reachable = () => [open('zz-other', { asks }), open('web-1', { account: sshd.username })];
  const proxy = await startProxy({ target: targetOf(sshd), reachable });
  const terminal = menu(proxy);
  await terminal.shows(/q to leave: $/);
  terminal.type('zz-other\r');
  await terminal.shows('asks: reason for root on zz-other');
  terminal.type('OPS-1\r');
  await terminal.shows(/zz-other is not there, or not for you[^]*q to leave: $/);
  terminal.type('web-1\r');
  await terminal.shows('sallyport: connecting to');
  terminal.type('exit\r');
  expect(await terminal.exited).toMatchObject({ code: 0 });
  expect(proxy.requests.map(({ reason }) => reason)).toEqual(['OPS-1', '']);
});

test('who types is waited for, who does not answer is not', async () => {
  const idleMilliseconds = 3000;
  const proxy = await menuThatAsks({ limits: { menu: { idleMilliseconds } } });
  const terminal = menu(proxy);
  await terminal.shows(/q to leave: $/);
  terminal.type('web-1\r');
  await terminal.shows(question(sshd.username));
  for (const begun = performance.now(); performance.now() - begun < 1.2 * idleMilliseconds; ) {
    const before = terminal.output().length;
    terminal.type('x\u007f');
    await terminal.shows('x\b \b', before);
  }
  expect(await terminal.exited).toMatchObject({ code: 1 });
  expect(terminal.output()).toContain('sallyport: nothing was chosen in time; connect again');
  expect(proxy.requests).toEqual([]);
});
