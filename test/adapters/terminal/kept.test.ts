import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { soon, until } from '../../kit/until.ts';
import { targetOf } from '../../proxies/ssh/proxy-kit.ts';
import { logins } from '../http/web-kit.ts';
import { startTerminals, type TestPage, type TestTerminals } from './terminal-kit.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});

const start = async (options: Partial<Parameters<typeof startTerminals>[0]> = {}): Promise<TestTerminals> =>
  await startTerminals({ target: targetOf(sshd), ...options });

/** Numbers, as many, and a word that is not in what is typed. */
const numbers = (last: number): string => `seq 1 ${String(last)}; echo do''ne\r`;

async function lost(page: TestPage, terminals: TestTerminals, session: string): Promise<void> {
  page.socket.terminate();
  await until(() => terminals.proxy.sessions[0]?.ended !== null || !isAttached(terminals, session), {
    what: 'the loss',
  });
}

function isAttached(terminals: TestTerminals, session: string): boolean {
  const all = terminals.face.terminals({ userId: terminals.userId } as never);
  return all.find(({ sessionId }) => sessionId === session)?.attached === true;
}

test('a page that is lost in the middle of output comes back to the byte, however often', async () => {
  const terminals = await start();
  const page = await terminals.open();
  const session = await page.session();
  page.type(numbers(30_000));
  const pieces: Buffer[] = [];
  let from = 0;
  let now = page;
  for (const until_ of [1_000, 40_000, 100_000]) {
    await until(() => now.offset >= until_, { what: `byte ${String(until_)}` });
    await lost(now, terminals, session);
    pieces.push(...now.pieces);
    from = now.offset;
    now = await terminals.attach(session, from);
    expect(await now.told('session')).toMatchObject({ session, from, lost: 0 });
    await now.told('opened');
  }
  // The page before may have got it already.
  const all = (): Buffer => Buffer.concat([...pieces, ...now.pieces]);
  await until(() => all().includes('done'), { what: 'the last of it' });
  const seen = terminals.proxy.sessions[0]!;
  const recorded = Buffer.concat(seen.records.filter(({ kind }) => kind === 'output').map(({ data }) => data));
  expect(recorded.subarray(0, now.offset).equals(all())).toBe(true);
  now.say({ type: 'close' });
  expect(await now.isClosed()).toBe(1000);
  await soon(() => expect(seen.ended).toBe('closed-by-client'));
  expect(terminals.proxy.sessions).toHaveLength(1);
});

test('a page without memory gets what is kept; what is kept no more is said', async () => {
  const terminals = await start();
  const page = await terminals.open();
  const session = await page.session();
  page.type(numbers(400_000));
  await until(() => page.output.includes('done'), { what: 'all of it' });
  const { offset } = page;
  expect(offset).toBeGreaterThan(2 * 1024 * 1024);
  await lost(page, terminals, session);
  const fresh = await terminals.attach(session, null);
  const { from } = await fresh.told('session');
  expect(Number(from)).toBe(offset - 1024 * 1024);
  await fresh.shows('done');
  expect(Buffer.concat(page.pieces).subarray(Number(from)).equals(Buffer.concat(fresh.pieces))).toBe(true);
  const late = await terminals.attach(session, 5);
  expect(await late.told('session')).toMatchObject({ from, lost: Number(from) - 5 });
  // It was taken over by that.
  expect(await fresh.told('end')).toMatchObject({ reason: 'taken-over' });
  expect(await fresh.isClosed()).toBe(4409);
  late.type('exit\r');
  expect(await late.told('end')).toMatchObject({ reason: 'exited' });
  expect(terminals.proxy.sessions).toHaveLength(1);
});

test('while nobody looks the target waits, and what it said is there when somebody does', async () => {
  const terminals = await start({ forgetRecords: true });
  const page = await terminals.open({ silent: true });
  const session = await page.session();
  const seen = terminals.proxy.sessions[0]!;
  page.type("head -c 200000000 /dev/zero | tr '\\0' x; echo do''ne\r");
  await until(() => page.got >= 1024 * 1024, { what: 'all that may be on its way' });
  const before = process.memoryUsage().rss;
  // It stands still: what was recorded grows no more.
  let last = -1;
  await until(() => last === (last = seen.recorded), { what: 'a target that waits' });
  expect(page.got).toBe(1024 * 1024);
  expect(seen.recorded).toBeLessThan(4 * 1024 * 1024);
  await lost(page, terminals, session);
  const again = await terminals.attach(session, page.offset);
  again.forgets = true;
  await until(() => again.output.includes('done'), { what: '200 MB', deadlineMs: 90_000 });
  expect(again.offset).toBeGreaterThan(200_000_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
  again.say({ type: 'close' });
}, 120_000);

test('one that nobody comes back to ends, and can be asked for no more', async () => {
  const terminals = await start({ detachedMilliseconds: 300 });
  const page = await terminals.open();
  const session = await page.session();
  page.socket.terminate();
  await soon(() => expect(terminals.proxy.sessions[0]?.ended).toBe('client-lost'));
  await expect(terminals.ticket({ session: session as `session-${string}` })).rejects.toThrow('absent');
});

test('another login of the same person takes it over where it would be admitted, and nowhere else', async () => {
  let reason: string | null = null;
  const reachable = () => [
    {
      ...{ targetId: 'target-1', accountId: 'account-1', target: 'web-1', account: sshd.username, labels: {}, reason },
      ...{ asks: null, recording: null, lastUsedAt: null },
    } as never,
  ];
  const terminals = await start({ reachable });
  const page = await terminals.open();
  const session = await page.session();
  reason = 'a factor is missing';
  const refused = await terminals.attach(session, null, { secret: 'spl_again' });
  expect(await refused.told('end')).toMatchObject({ reason: 'refused' });
  expect(page.closed).toBe(null);
  reason = null;
  expect(await terminals.events('TerminalAttached')).toEqual([]);
  // Of what cannot be logged nothing comes to be.
  const unlogged = await terminals.connect(
    await terminals.ticket({ session: session as `session-${string}` }, 'spl_again'),
    {
      secret: 'spl_again',
    },
  );
  terminals.log.fail(new Error('no space'));
  unlogged.say({ type: 'open', columns: 80, rows: 24 });
  expect(await unlogged.isClosed()).toBe(1011);
  terminals.log.fail(undefined);
  expect(page.closed).toBe(null);
  const taken = await terminals.attach(session, null, { secret: 'spl_again' });
  await taken.told('opened');
  expect(await page.isClosed()).toBe(4409);
  const { loginId } = logins.get('spl_again')!;
  const noted = [expect.objectContaining({ passId: loginId, source: '127.0.0.1' })];
  expect(await terminals.events('TerminalAttached')).toEqual(noted);
  // Its login ends: the session, which rests on the other one, goes on.
  terminals.endLogin('spl_again');
  expect(await taken.told('end')).toMatchObject({ reason: 'login-ended' });
  expect(await taken.isClosed()).toBe(4401);
  expect(terminals.proxy.sessions[0]?.ended).toBe(null);
  const back = await terminals.attach(session, null);
  await back.told('opened');
  await expect(terminals.ticket({ session: session as `session-${string}` }, 'spl_admin')).rejects.toThrow('absent');
});
