import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { startProcess } from '../../kit/process.ts';
import { soon, until } from '../../kit/until.ts';
import { targetOf } from '../../proxies/ssh/proxy-kit.ts';
import { logins, viewer } from '../http/web-kit.ts';
import { type PageOptions, socketTo, startTerminals, type TestTerminals } from './terminal-kit.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});

const start = async (options: Partial<Parameters<typeof startTerminals>[0]> = {}): Promise<TestTerminals> =>
  await startTerminals({ target: targetOf(sshd), ...options });

const subprotocol = 'sallyport.terminal.v1';

test('what is not a page of ours with a login is refused before it is a WebSocket', async () => {
  const terminals = await start();
  logins.set('spl_nothing', { ...viewer('nobody'), permissions: [] });
  const status = async (options: PageOptions, protocols?: readonly string[]): Promise<number> => {
    const shown = protocols ?? [subprotocol, `ticket.${await terminals.ticket()}`];
    const socket = socketTo(terminals.web, shown, options);
    socket.on('error', () => {});
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
    socket.terminate();
    return response.statusCode;
  };
  expect(await status({ origin: 'https://evil.example' })).toBe(403);
  expect(await status({ origin: 'null' })).toBe(403);
  expect(await status({ origin: `http://127.0.0.1:${String(terminals.web.server.port)}` })).toBe(403);
  expect(await status({ origin: null })).toBe(403);
  expect(await status({ secret: 'spl_none' })).toBe(401);
  expect(await status({ headers: { authorization: 'Bearer spl_user' } })).toBe(401);
  expect(await status({ secret: 'spl_nothing' })).toBe(403);
  expect(await status({}, ['ticket.x'])).toBe(400);
  expect((await terminals.web.ask('/terminal', { as: 'spl_user' })).status).toBe(404);
  expect(terminals.proxy.requests).toEqual([]);
});

test('a ticket counts once, for its login, in its time; each other try is an event', async () => {
  const terminals = await start();
  const ticket = await terminals.ticket();
  const refused = async (shown: string, options: PageOptions = {}): Promise<void> => {
    const page = await terminals.connect(shown, options);
    expect(await page.told('end')).toMatchObject({ reason: 'ticket-refused' });
    expect(await page.isClosed()).toBe(4403);
  };
  await refused(ticket, { secret: 'spl_again' });
  const page = await terminals.connect(ticket);
  await refused(ticket);
  await refused('x'.repeat(43));
  await refused('');
  page.say({ type: 'open', columns: 80, rows: 24 });
  await page.told('opened');
  const events = await terminals.events('PassRefused');
  expect(events.map(({ reason }) => reason)).toEqual([
    ...['ticket-foreign', 'ticket-used', 'ticket-unknown', 'ticket-unknown'],
  ]);
  expect(events[0]).toMatchObject({
    userId: logins.get('spl_user')?.userId,
    door: 'web',
    source: '127.0.0.1',
    nameKey: null,
  });
  expect(JSON.stringify(events)).not.toContain(ticket);
  const more = Array.from({ length: 17 }, async () => await terminals.ticket());
  const answers = await Promise.allSettled(more);
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(16);
});

test('refused tickets without end write no events without end, and after some of them nothing is looked at', async () => {
  const terminals = await start();
  const good = await terminals.ticket();
  const other = await terminals.ticket(undefined, 'spl_admin');
  const refused = async (shown: string): Promise<void> => {
    const page = await terminals.connect(shown);
    expect(await page.told('end')).toMatchObject({ reason: 'ticket-refused' });
    expect(await page.isClosed()).toBe(4403);
  };
  for (let tries = 0; tries < 25; tries += 1) await refused('x'.repeat(43));
  await refused(good);
  await expect(terminals.ticket()).rejects.toThrow('too-many-tickets');
  const events = await terminals.events('PassRefused');
  expect(events.map(({ reason }) => reason)).toEqual([
    ...Array.from({ length: 10 }, () => 'ticket-unknown'),
    'too-many',
  ]);
  const page = await terminals.connect(other, { secret: 'spl_admin' });
  page.say({ type: 'open', columns: 80, rows: 24 });
  await page.told('opened');
});

test('a socket that a page opens, which it does by itself too, is no use of the login', async () => {
  const terminals = await start();
  const page = await terminals.open();
  const back = await terminals.attach(await page.session(), null);
  await back.told('opened');
  expect(terminals.uses).toEqual([false, false]);
});

test('what is no message of the protocol closes the socket, and the session goes on', async () => {
  const terminals = await start();
  const page = await terminals.open();
  const session = await page.session();
  const last = (): number => page.offset;
  const wrongs: (readonly [unknown, number])[] = [
    ['no JSON', 4400],
    [{ type: 'unknown' }, 4400],
    [{ type: 'resize', columns: 0, rows: 24 }, 4400],
    [{ type: 'resize', columns: 80, rows: 501 }, 4400],
    [{ type: 'resize', columns: 80.5, rows: 24 }, 4400],
    [{ type: 'open', columns: 80, rows: 24 }, 4400],
    [{ type: 'ack', offset: 1e9 }, 4400],
    [{ type: 'answer', id: 1, answers: ['x'.repeat(2_000)] }, 4400],
    ['x'.repeat(64 * 1024 + 1), 1009],
  ];
  for (const [wrong, code] of wrongs) {
    const again = await terminals.attach(session, last());
    await again.told('opened');
    again.say(wrong);
    expect([wrong, await again.isClosed()]).toEqual([wrong, code]);
  }
  const early = await terminals.connect(await terminals.ticket());
  early.type('x');
  expect(await early.isClosed()).toBe(4400);
  const flood = await terminals.attach(session, last());
  await flood.told('opened');
  for (let sent = 0; sent < 20_000; sent += 1) flood.say({ type: 'ack', offset: 0 });
  expect(await flood.isClosed()).toBe(4429);
  expect(terminals.proxy.sessions.map(({ ended }) => ended)).toEqual([null]);
});

test('a page that acknowledges and reads nothing loses its socket, and fills no memory', async () => {
  const terminals = await start({ forgetRecords: true });
  const page = await terminals.open({ silent: true });
  const session = await page.session();
  const attached = (): boolean =>
    terminals.face
      .terminals({ userId: terminals.userId } as never)
      .some((one) => one.sessionId === session && one.attached);
  page.socket.pause();
  page.type('yes\r');
  const seen = terminals.proxy.sessions[0]!;
  // What was recorded was sent, as long as the window of acknowledgements is not full.
  let acknowledged = 0;
  await until(
    () => {
      const recorded = Math.max(seen.recorded - 65_536, 0);
      acknowledged = Math.max(acknowledged, Math.min(recorded, acknowledged + 524_288));
      page.say({ type: 'ack', offset: acknowledged });
      return !attached();
    },
    { what: 'the loss of the socket', deadlineMs: 60_000 },
  );
  expect(acknowledged).toBeLessThan(64 * 1024 * 1024);
  page.socket.resume();
  expect(await page.isClosed()).toBe(1006);
}, 90_000);

test('what ends a session says so in the terminal, in the record and at the end', async () => {
  const terminals = await start();
  const page = await terminals.open();
  const seen = terminals.proxy.sessions[0]!;
  seen.notice('this session ends soon');
  expect(await page.told('notice')).toEqual({ type: 'notice', message: 'this session ends soon' });
  seen.cut('token-revoked', 'the login of this session has ended');
  expect(await page.told('end')).toEqual({
    ...{ type: 'end', reason: 'token-revoked', message: 'the login of this session has ended' },
  });
  expect(await page.isClosed()).toBe(1000);
  const shown = '\r\nsallyport: the login of this session has ended\r\n';
  expect(page.output.endsWith(shown)).toBe(true);
  const recorded = Buffer.concat(seen.records.filter(({ kind }) => kind === 'output').map(({ data }) => data));
  expect(recorded.toString().endsWith(shown)).toBe(true);
});

test('a recording that fails ends the terminal', async () => {
  let fails = false;
  const terminals = await start({
    makeRecorder: () => ({
      write: () => {
        if (fails) throw new Error('no space');
      },
      ...{ records: 0, onChunk: () => {}, onFailure: () => {}, close: async () => {} },
    }),
  });
  const page = await terminals.open();
  fails = true;
  page.type("echo sec''ret\r");
  expect(await page.told('end')).toMatchObject({ reason: 'recording-failed' });
  expect(page.output).not.toContain('secret');
  await soon(() => expect(terminals.proxy.sessions[0]?.ended).toBe('recording-failed'));
});

test('a refused target, and one that dies, end with their reasons', async () => {
  const terminals = await start();
  const page = await terminals.open();
  page.type('echo $PPID is it\r');
  const [, pid] = await until(() => /(\d+) is it\r\n/.exec(page.output), { what: 'the pid' });
  await startProcess('kill', ['-9', pid!]).exited;
  expect(await page.told('end')).toMatchObject({ reason: expect.stringMatching(/^(closed-by-target|target-lost)$/) });
  const nowhere = await terminals.connect(await terminals.ticket({ target: 'web-9', account: null, reason: '' }));
  nowhere.say({ type: 'open', columns: 80, rows: 24 });
  expect(await nowhere.told('end')).toEqual({
    ...{ type: 'end', reason: 'refused', message: 'web-9 is not there, or not for you' },
  });
});

test('a reason is asked for where one is wanted, and is asked again of a page that comes back', async () => {
  const terminals = await start({ asks: 'a ticket number' });
  const page = await terminals.connect(await terminals.ticket());
  page.say({ type: 'open', columns: 80, rows: 24 });
  const question = await page.told('question');
  expect(question).toMatchObject({ name: 'sallyport', prompts: [{ echo: true }] });
  page.say({ type: 'answer', id: question.id, answers: ['OPS-1'] });
  await page.told('opened');
  expect(terminals.proxy.requests.map(({ reason }) => reason)).toEqual(['', 'OPS-1']);
  const given = await terminals.connect(await terminals.ticket({ target: 'web-1', account: null, reason: 'OPS-2' }));
  given.say({ type: 'open', columns: 80, rows: 24 });
  await given.told('opened');
  expect(terminals.proxy.requests.at(-1)?.reason).toBe('OPS-2');
});
