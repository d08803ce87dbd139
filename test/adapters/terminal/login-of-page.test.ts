import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { soon, until } from '../../kit/until.ts';
import { targetOf, type TestProxyOptions } from '../../proxies/ssh/proxy-kit.ts';
import { logins } from '../http/web-kit.ts';
import { startTerminals, type TestTerminals } from './terminal-kit.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});

/** One login's terminal at which the other login of the person may sit; before all that is typed, the login is looked at. */
async function start(options: Pick<TestProxyOptions, 'asks'> = {}): Promise<TestTerminals> {
  const place = { targetId: 'target-1', accountId: 'account-1', target: 'web-1', account: sshd.username, labels: {} };
  const nothing = { reason: null, asks: null, recording: null, lastUsedAt: null };
  const reachable = () => [{ ...place, ...nothing } as never];
  return await startTerminals({ target: targetOf(sshd), reachable, lookMilliseconds: 0, ...options });
}

test('what is typed waits until the login was looked at, and goes nowhere when that has ended', async () => {
  const terminals = await start();
  const first = await terminals.open();
  const session = await first.session();
  const page = await terminals.attach(session, null, { secret: 'spl_again' });
  await page.told('opened');
  page.type("echo be''fore\r");
  await page.shows('before');

  const looked = Promise.withResolvers<undefined>();
  terminals.liveAfter = looked.promise;
  page.type("echo mean''while\r");
  // It has ended, and nobody was told so far.
  terminals.endedLogins.add('spl_again');
  looked.resolve(undefined);
  expect(await page.told('end')).toMatchObject({ reason: 'login-ended' });
  expect(await page.isClosed()).toBe(4401);
  const again = await terminals.attach(session, null);
  await again.told('opened');
  again.type("echo af''ter\r");
  await again.shows('after');
  expect(again.output).toContain('before');
  expect(again.output).not.toContain('while');
});

test('an answer to a question waits until the login was looked at, and goes nowhere when that has ended', async () => {
  const terminals = await start({ asks: 'a ticket number' });
  const page = await terminals.connect(await terminals.ticket());
  page.say({ type: 'open', columns: 80, rows: 24 });
  const { id } = await page.told('question');
  const looked = Promise.withResolvers<undefined>();
  terminals.liveAfter = looked.promise;
  page.say({ type: 'answer', id, answers: ['OPS-1'] });
  terminals.endedLogins.add('spl_user');
  looked.resolve(undefined);
  expect(await page.told('end')).toMatchObject({ reason: 'login-ended' });
  expect(await page.isClosed()).toBe(4401);
  expect(terminals.proxy.requests.map(({ reason }) => reason)).toEqual(['']);
});

test('an answer to a question is a use of the login, and none at all is not', async () => {
  const terminals = await start({ asks: 'a ticket number' });
  const page = await terminals.connect(await terminals.ticket());
  page.say({ type: 'open', columns: 80, rows: 24 });
  const { id } = await page.told('question');
  page.say({ type: 'answer', id: Number(id) + 1, answers: null });
  page.say({ type: 'answer', id, answers: ['OPS-1'] });
  await page.told('opened');
  expect(terminals.kept.map(({ typed }) => typed)).toEqual([1]);
});

test('what a terminal answers by itself is no use of the login, and each login that typed was used', async () => {
  const terminals = await start();
  const first = await terminals.open();
  const session = await first.session();
  for (const answer of ['\u001b[?62;4c', '\u001b[>0;276;0c', '\u001b[5;1R', '\u001b[I', '\u001b[O']) first.type(answer);
  first.type('x');
  await until(() => terminals.kept[0]!.typed > 0, { what: 'the use' });
  const page = await terminals.attach(session, null, { secret: 'spl_again' });
  await page.told('opened');
  page.type('y');
  await until(() => terminals.kept[1]!.typed > 0, { what: 'the use of the other one' });
  const [one, other] = ['spl_user', 'spl_again'].map((secret) => logins.get(secret)?.loginId);
  await soon(() =>
    expect(terminals.kept).toEqual([
      { passId: one, typed: 1, stopped: true },
      { passId: other, typed: 1, stopped: false },
    ]),
  );
});
