import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { endMessage } from '../../../../src/application/admission/end-messages.ts';
import { leaveScreen } from '../../../../src/proxies/ssh/menu/screen-view.ts';
import { defaultMenuLimits, Menus, type MenuLimits, MenuWatch } from '../../../../src/proxies/ssh/menu/menu-watch.ts';
import { launchSshd, type Sshd } from '../../../kit/openssh.ts';
import { startTerminal, type Terminal } from '../../../kit/pty.ts';
import { until } from '../../../kit/until.ts';
import { sshEnv, startProxy, targetOf, type TestProxy, userName } from '../proxy-kit.ts';
import { open } from './menu-kit.ts';

let sshd: Sshd;

beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});

const hour = 3_600_000;
const where = 'Sallyport: where to?';

async function menuProxy(menu: Partial<MenuLimits>, isLive = () => true): Promise<TestProxy> {
  // The first is refused by admission.
  const reachable = () => [open('absent'), open('web-1', { account: sshd.username })];
  return await startProxy({ target: targetOf(sshd), reachable, isLive, limits: { menu } });
}

function ssh(proxy: TestProxy): Terminal {
  const words = ['-e', 'ssh', '-l', userName, '-o', 'NumberOfPasswordPrompts=1', ...proxy.ssh, '127.0.0.1'];
  return startTerminal('sshpass', words, { columns: 80, rows: 24, env: { ...sshEnv(proxy), TERM: 'xterm' } });
}

test('one person has so many menus and no more; a session and a menu that was left are none', async () => {
  const proxy = await menuProxy({ perUser: 2 });
  const [first, second] = [ssh(proxy), ssh(proxy)];
  await first.shows(where);
  await second.shows(where);
  const third = ssh(proxy);
  expect(await third.exited).toMatchObject({ code: 1 });
  expect(third.output()).toContain('you have 2 menus open already; choose in one of them or close it');
  expect(third.output()).not.toContain(where);
  first.type('web-1\r');
  await first.shows('sallyport: connecting to');
  // The menu counts until the target is open, which is later than its session.
  first.type('echo at-$((40 + 2))\r');
  await first.shows('at-42');
  second.type('\u0003');
  expect(await second.exited).toMatchObject({ code: 130 });
  const more = [ssh(proxy), ssh(proxy)];
  for (const one of more) await one.shows(where);
  first.type('exit 4\r');
  expect(await first.exited).toMatchObject({ code: 4 });
});

test('a menu ends after its time, however much is typed', async () => {
  const proxy = await menuProxy({ longestMilliseconds: 1500 });
  const terminal = ssh(proxy);
  await terminal.shows(where);
  const typing = setInterval(() => terminal.type('a'), 100);
  onTestFinished(() => clearInterval(typing));
  expect(await terminal.exited).toMatchObject({ code: 1 });
  expect(terminal.output()).toContain(leaveScreen);
  expect(terminal.output()).toContain('the menu was open for too long; connect again');
});

test('a pass that is no more ends the menu, and nothing is asked of admission', async () => {
  let live = true;
  const proxy = await menuProxy({ checkMilliseconds: 50 }, () => live);
  const terminal = ssh(proxy);
  await terminal.shows(where);
  live = false;
  expect(await terminal.exited).toMatchObject({ code: 1 });
  expect(terminal.output()).toContain('your token or key does not open anything here any more');
  expect(proxy.requests).toEqual([]);
});

test.each([
  ['token-revoked', 'your token or key does not open anything here any more'],
  ['user-disabled', 'your token or key does not open anything here any more'],
  ['shutdown', 'this proxy is shutting down; connect again'],
] as const)('an end by %s ends the menu at once', async (reason, said) => {
  const proxy = await menuProxy({ checkMilliseconds: hour });
  const terminal = ssh(proxy);
  await terminal.shows(where);
  for (const end of proxy.waiting) end(reason, endMessage(reason));
  expect(await terminal.exited).toMatchObject({ code: 1 });
  expect(terminal.output()).toContain(said);
  expect(proxy.waiting.size).toBe(0);
});

test('a pass that ended between its login and the menu is found by the first look', async () => {
  const proxy = await menuProxy({ checkMilliseconds: hour }, () => false);
  expect(await ssh(proxy).exited).toMatchObject({ code: 1 });
});

test('a pass that ends while a choice is being refused has no menu again; a menu that is left waits no more', async () => {
  const proxy = await menuProxy({ checkMilliseconds: hour });
  const terminal = ssh(proxy);
  await terminal.shows(where);
  proxy.admitting = () => {
    for (const end of proxy.waiting) end('token-revoked', endMessage('token-revoked'));
  };
  terminal.type('\r');
  expect(await terminal.exited).toMatchObject({ code: 1 });
  expect(terminal.output()).toContain('your token or key does not open anything here any more');
  const left = ssh(proxy);
  await left.shows(where);
  expect(proxy.waiting.size).toBe(1);
  left.type('\u0003');
  await left.exited;
  await until(() => proxy.waiting.size === 0, { what: 'the end of the wait' });
});

test('the last choice of a connection that is refused ends it', async () => {
  const proxy = await menuProxy({ choices: 2 });
  const terminal = ssh(proxy);
  await terminal.shows(where);
  terminal.type('\r');
  await terminal.shows('absent is not there, or not for you');
  terminal.type('\r');
  expect(await terminal.exited).toMatchObject({ code: 1 });
  expect(terminal.output()).toContain('that was the last of the choices of one connection; connect again');
  expect(proxy.requests).toHaveLength(2);
});

test('a list that cannot be shown ends its own connection and not the process', async () => {
  const proxy = await startProxy({
    target: targetOf(sshd),
    reachable: () => [{ ...open('web-1'), labels: null as never }],
  });
  const [first, second] = [ssh(proxy), ssh(proxy)];
  expect(await first.exited).toMatchObject({ code: 255 });
  expect(await second.exited).toMatchObject({ code: 255 });
});

test('the limits that hold by default', () => {
  const minute = 60_000;
  expect(new Menus().limits).toEqual({
    idleMilliseconds: 5 * minute,
    longestMilliseconds: 10 * minute,
    checkMilliseconds: 10_000,
    perUser: 8,
    choices: 16,
  });
});

test('each person has a count of their own, and who leaves twice counts once', () => {
  const menus = new Menus({ perUser: 2 });
  const leave = menus.enter('user-1');
  menus.enter('user-1');
  expect(menus.enter('user-1')).toBeNull();
  expect(menus.enter('user-2')).not.toBeNull();
  leave?.();
  leave?.();
  expect(menus.enter('user-1')).not.toBeNull();
  expect(menus.enter('user-1')).toBeNull();
});

test.each([
  ['the idle timer', { idleMilliseconds: 1 }],
  ['the longest time', { longestMilliseconds: 1 }],
  ['the look at the pass', { checkMilliseconds: 1 }],
])('%s that fails ends its own connection and not the process', async (_what, over) => {
  let failed = 0;
  const watch = new MenuWatch(
    { ...defaultMenuLimits, ...over },
    {
      live: async () => false,
      attend: () => () => {},
      over: () => {
        throw new Error('broken');
      },
      failed: () => (failed += 1),
    },
  );
  onTestFinished(() => watch.stop());
  watch.alive();
  await until(() => failed > 0, { what: 'the failure' });
});
