import { afterAll, beforeAll, expect, test } from 'vitest';
import { enterScreen, leaveScreen } from '../../../../src/proxies/ssh/menu/screen-view.ts';
import { launchSshd, type Sshd } from '../../../kit/openssh.ts';
import { runProcess } from '../../../kit/process.ts';
import { startTerminal, type Terminal } from '../../../kit/pty.ts';
import { tempDir } from '../../../kit/temp-dir.ts';
import { until } from '../../../kit/until.ts';
import { runSsh, sshEnv, startProxy, targetOf, type TestProxy, type TestProxyOptions, userName } from '../proxy-kit.ts';
import { codes, sshdWithCode } from '../sshd-with-code.ts';
import { open } from './menu-kit.ts';
import { ScreenModel } from './screen-model.ts';

let sshd: Sshd;

beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});

const escape = '\u001b';
const [down, pageDown] = [`${escape}[B`, `${escape}[6~`];

async function menuProxy(over: Partial<TestProxyOptions> = {}): Promise<TestProxy> {
  const many = Array.from({ length: 2000 }, (_, index) => open(`host-${String(index)}`));
  const reachable = () => [
    open('web-1', { account: sshd.username, labels: { tier: 'web' }, lastUsedAt: '2026-11-20T10:00:00.000Z' }),
    open('evil\u001b]0;x\u0007'),
    ...many,
  ];
  return await startProxy({ target: targetOf(sshd), reachable, ...over });
}

interface Window {
  readonly columns?: number;
  readonly rows?: number;
  readonly term?: string;
}

/** OpenSSH at a terminal, with a login name that says no target. */
function ssh(proxy: TestProxy, { columns = 80, rows = 24, term = 'xterm-256color' }: Window = {}): Terminal {
  // The first login name counts.
  const words = ['-e', 'ssh', '-l', userName, '-o', 'NumberOfPasswordPrompts=1', ...proxy.ssh, '127.0.0.1'];
  return startTerminal('sshpass', words, { columns, rows, env: { ...sshEnv(proxy), TERM: term } });
}

/** What the person sees, while the menu is open. */
function screenOf(terminal: Terminal, columns = 80, rows = 24): ScreenModel {
  const output = terminal.output();
  const screen = new ScreenModel(columns, rows);
  screen.feed(output.slice(output.lastIndexOf(enterScreen)));
  return screen;
}

/** Waits until the marked line fits; what is half drawn is no error yet. */
async function marked(terminal: Terminal, pattern: RegExp, columns = 80, rows = 24): Promise<void> {
  await until(() => pattern.test(screenOf(terminal, columns, rows).markedLine), { what: String(pattern) }).catch(
    (error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(terminal.output())}`, { cause: error });
    },
  );
}

const destinations = (proxy: TestProxy) => proxy.requests.map(({ destination }) => destination);

test('OpenSSH: search, choose, and the shell is as if the target had been named', async () => {
  const proxy = await menuProxy();
  const terminal = ssh(proxy, { columns: 101, rows: 33 });
  await marked(terminal, /^web-1 .*last 2026-11-20 +tier=web$/, 101, 33);
  expect(screenOf(terminal, 101, 33).lines.join('\n')).toContain(String.raw`evil\u{1b}]0;x\u{7}`);
  terminal.type('host-1999');
  await marked(terminal, /^host-1999 /, 101, 33);
  terminal.type('\u0015tier=w');
  await marked(terminal, /^web-1 /, 101, 33);
  const menu = terminal.output().length;
  terminal.type('\rstty size; tty; exit 7\r');
  await terminal.shows('33 101', menu);
  expect(await terminal.exited).toMatchObject({ code: 7 });
  expect(terminal.output()).toContain(leaveScreen);
  expect(destinations(proxy)).toEqual([{ target: 'web-1', account: sshd.username }]);
  expect(proxy.sessions).toHaveLength(1);
  expect(proxy.sessions[0]?.opened).toMatchObject([{ kind: 'shell', pty: true }]);
});

test('nothing of the menu is in the recording, and all that came after it is', async () => {
  const proxy = await menuProxy();
  const terminal = ssh(proxy);
  await marked(terminal, /^web-1 /);
  terminal.type('\recho rec-$((40+2)); exit\r');
  expect(await terminal.exited).toMatchObject({ code: 0 });
  const output = (proxy.sessions[0]?.records ?? []).filter(({ kind }) => kind === 'output' || kind === 'stderr');
  const recorded = Buffer.concat(output.map(({ data }) => Buffer.from(data))).toString('utf8');
  expect(recorded).toContain('rec-42');
  expect(recorded).not.toContain('Sallyport: where to?');
  const said = `sallyport: connecting to ${sshd.username} on web-1\r\n`;
  expect(terminal.output().split(said)[1]?.startsWith(recorded)).toBe(true);
});

test('a window that changes is redrawn, and the session gets the size it has then', async () => {
  const proxy = await menuProxy();
  const terminal = ssh(proxy);
  await marked(terminal, /^web-1 /);
  terminal.type(pageDown);
  await marked(terminal, /^host-/);
  const before = terminal.output().length;
  terminal.resize(60, 12);
  await terminal.shows(' of 2002', before);
  terminal.type(`${escape}[1~`);
  terminal.type('\rstty size; exit\r');
  await terminal.shows('12 60');
  expect(await terminal.exited).toMatchObject({ code: 0 });
});

test.each([
  ['Ctrl-C', '\u0003', 130],
  ['Ctrl-D', '\u0004', 0],
  ['Escape', escape, 0],
])('%s leaves, and nothing was asked of admission', async (_what, typed, code) => {
  const proxy = await menuProxy();
  const terminal = ssh(proxy);
  await marked(terminal, /^web-1 /);
  terminal.type(typed);
  expect(await terminal.exited).toMatchObject({ code });
  expect(terminal.output()).toContain(leaveScreen);
  expect(proxy.requests).toEqual([]);
});

test.each([
  ['dumb', 80, 24],
  ['something-unknown', 80, 24],
  ['xterm', 0, 0],
])('TERM=%s in a window of %i by %i: a numbered list without escape sequences', async (term, columns, rows) => {
  const proxy = await menuProxy();
  const terminal = ssh(proxy, { term, columns, rows });
  await terminal.shows(/1 {2}web-1 .*\r\n[^]*Number, name or search, Enter for more \(\d+\), q to leave: $/);
  terminal.type('ost-77\u007f\r');
  await terminal.shows(/ 1 {2}host-7 /);
  terminal.type('tier=web\r');
  await terminal.shows(/1 to choose from\r\n {3}1 {2}web-1/);
  expect(terminal.output()).not.toContain(escape);
  terminal.type('1\r');
  await terminal.shows('sallyport: connecting to');
  terminal.type('echo in-$((40+2)); exit 3\r');
  await terminal.shows('in-42');
  expect(await terminal.exited).toMatchObject({ code: 3 });
});

test('PuTTY: arrow keys choose, and the shell has the size of the window', async () => {
  const proxy = await menuProxy({ reachable: () => [open('host-1'), open('web-1', { account: sshd.username })] });
  const scanned = await runProcess('ssh-keyscan', ['-t', 'ed25519', '-p', String(proxy.port), '127.0.0.1']);
  const listed = await runProcess('ssh-keygen', ['-lf', '-'], { input: scanned.stdout });
  const key = /SHA256:\S+/.exec(listed.stdout)?.[0] ?? '';
  const words = [
    '-ssh',
    '-no-antispoof',
    '-P',
    String(proxy.port),
    '-l',
    userName,
    '-pw',
    proxy.token,
    '-hostkey',
    key,
  ];
  const env = { ...process.env, HOME: tempDir(), TERM: 'xterm' };
  const terminal = startTerminal('plink', [...words, '127.0.0.1'], { columns: 90, rows: 20, env });
  await marked(terminal, /^host-1 /, 90, 20);
  terminal.type(`${escape}OB`);
  await marked(terminal, /^web-1 /, 90, 20);
  terminal.type('\r');
  await terminal.shows('sallyport: connecting to');
  terminal.type('stty size; exit 4\r');
  await terminal.shows('20 90');
  expect(await terminal.exited).toMatchObject({ code: 4 });
});

test('a refused choice says why, drops what was typed ahead, and the menu is there again', async () => {
  const proxy = await menuProxy();
  const terminal = ssh(proxy);
  await marked(terminal, /^web-1 /);
  terminal.type(`${down}\r`);
  terminal.type('echo ahead\r');
  await until(() => screenOf(terminal).lines[2]?.includes('is not there, or not for you'), { what: 'the reason' });
  await marked(terminal, /^web-1 /);
  terminal.type('\r');
  await until(() => proxy.sessions.length === 1, { what: 'the session' });
  terminal.type('exit 5\r');
  expect(await terminal.exited).toMatchObject({ code: 5 });
  expect(terminal.output()).not.toContain('ahead');
  expect(proxy.requests).toHaveLength(2);
});

test('a target that cannot be reached says why, and another can be chosen', async () => {
  let wrong = true;
  const proxy = await menuProxy({ leadsToUs: () => Promise.resolve(wrong) });
  const terminal = ssh(proxy);
  await marked(terminal, /^web-1 /);
  terminal.type('\r');
  terminal.type('echo ahead\r');
  await until(() => screenOf(terminal).lines[2]?.includes('leads back to this installation'), { what: 'the reason' });
  await marked(terminal, /^web-1 /);
  expect(proxy.sessions).toHaveLength(1);
  expect(proxy.sessions.map(({ ended }) => ended)).toEqual(['target-unreachable']);
  wrong = false;
  terminal.type('\r');
  await until(() => proxy.sessions.length === 2, { what: 'the session' });
  terminal.type('exit 5\r');
  expect(await terminal.exited).toMatchObject({ code: 5 });
  expect(terminal.output()).not.toContain('ahead');
});

test('two accounts on a target: the second is asked for and chosen', async () => {
  const reachable = () => [open('web-1', { account: 'a-first' }), open('web-1', { account: sshd.username })];
  const proxy = await menuProxy({ reachable });
  const terminal = ssh(proxy);
  await marked(terminal, /^web-1 /);
  terminal.type('\r');
  await marked(terminal, /^a-first/);
  terminal.type(`${down}\r`);
  await terminal.shows('sallyport: connecting to');
  terminal.type('whoami; exit\r');
  expect(await terminal.exited).toMatchObject({ code: 0 });
  expect(destinations(proxy)).toEqual([{ target: 'web-1', account: sshd.username }]);
});

test('the stream cut at random places makes no difference', async () => {
  for (const seed of [1, 2, 3]) {
    const proxy = await menuProxy({ cut: seed });
    const terminal = ssh(proxy);
    await marked(terminal, /^web-1 /);
    terminal.type(`${down}${down}${pageDown}${escape}[1~tier\u007f\u007fer=w\r`);
    await terminal.shows('sallyport: connecting to');
    terminal.type('stty size; exit 6\r');
    await terminal.shows('24 80');
    expect(await terminal.exited).toMatchObject({ code: 6 });
  }
});

test('who types nothing is not waited for', async () => {
  const proxy = await menuProxy({ limits: { menu: { idleMilliseconds: 500 } } });
  const terminal = ssh(proxy);
  expect(await terminal.exited).toMatchObject({ code: 1 });
  expect(terminal.output()).toContain('sallyport: nothing was chosen in time; connect again');
});

test('nothing to choose from: it says so and what to do', async () => {
  const proxy = await menuProxy({ reachable: () => [] });
  const terminal = ssh(proxy);
  expect(await terminal.exited).toMatchObject({ code: 1 });
  expect(terminal.output()).toContain('nothing is open to you here now; an administrator gives access');
  expect(terminal.output()).not.toContain(escape);
});

test.each([
  ['a command', ['-l', userName, 'true']],
  ['a command with a terminal', ['-l', userName, '-tt', 'true']],
  ['a shell without a terminal', ['-l', userName, '-T']],
  ['a subsystem', ['-l', userName, '-s', 'sftp']],
])('%s gets no menu, but how to name a target', async (_what, args) => {
  const proxy = await menuProxy();
  const run = await runSsh(proxy, args);
  expect(run.code).toBe(1);
  expect(run.stdout + run.stderr).toContain(`name a target: log in as ${userName}~TARGET`);
  expect(run.stdout + run.stderr).not.toContain('web-1');
  expect(destinations(proxy)).toEqual([{ target: null, account: null }]);
});

test('forwarding gets no menu either', async () => {
  const proxy = await menuProxy();
  const run = await runSsh(proxy, ['-l', userName, '-W', '127.0.0.1:1']);
  expect(run.code).toBe(255);
  expect(run.stderr).toContain(`name a target: log in as ${userName}~TARGET`);
});

test('a connection that is cut leaves the terminal as it was', async () => {
  const proxy = await menuProxy();
  const terminal = ssh(proxy);
  await marked(terminal, /^web-1 /);
  await proxy.close();
  expect(await terminal.exited).toMatchObject({ code: 255 });
  expect(terminal.output()).toMatch(/\?1049l[^]*this proxy is shutting down/);
});

test('what the target asks on the way is asked in the terminal: hidden, sent to the target, kept nowhere', async () => {
  const asking = await sshdWithCode('keyboard-interactive');
  const proxy = await menuProxy({
    target: targetOf(asking),
    reachable: () => [open('web-1', { account: asking.username })],
  });
  const terminal = ssh(proxy);
  await marked(terminal, /^web-1 /);
  terminal.type('\r');
  await terminal.shows(/web-1 asks: Verification code: $/);
  terminal.type(`${codes[0]!}x\u007f\r`);
  terminal.type('echo in-$((40+2)); exit 8\r');
  await terminal.shows('in-42');
  expect(await terminal.exited).toMatchObject({ code: 8 });
  expect(terminal.output()).not.toContain(codes[0]);
  const told = JSON.stringify(proxy.sessions, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
  for (const text of [codes[0]!, 'Verification']) expect(told).not.toContain(text);
});

test('Ctrl-C at what the target asks leads back to the menu with a reason', async () => {
  const asking = await sshdWithCode('keyboard-interactive');
  const proxy = await menuProxy({
    target: targetOf(asking),
    reachable: () => [open('web-1', { account: asking.username })],
  });
  const terminal = ssh(proxy);
  await marked(terminal, /^web-1 /);
  terminal.type('\r');
  await terminal.shows(/web-1 asks: Verification code: $/);
  terminal.type('123\u0003');
  await until(() => terminal.output().lastIndexOf(enterScreen) > terminal.output().indexOf('^C'), { what: 'the menu' });
  await marked(terminal, /^web-1 /);
  expect(screenOf(terminal).lines[2]).toMatch(/login|log in/);
  terminal.type('\u0003');
  expect(await terminal.exited).toMatchObject({ code: 130 });
  expect(proxy.sessions[0]?.ended).toBe('target-login-failed');
});
