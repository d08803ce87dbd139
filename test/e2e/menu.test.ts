import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { startTerminal, type Terminal } from '../kit/pty.ts';
import { findBelow } from './needles.ts';
import { logIn, type Person } from './person.ts';
import { launchProduct, type Product, sshCommand, sshdResources } from './product.ts';

let product: Product;
let sshd: Sshd;
let admin: Person;

beforeAll(async () => {
  [product, sshd] = await Promise.all([launchProduct(), launchSshd()]);
  admin = await logIn(product);
  await admin.apply(`${sshdResources(sshd)}---${sshdResources(sshd, 'den')}`);
}, 120_000);

afterAll(async () => {
  await product.stop();
  await sshd.stop();
});

/** OpenSSH at a terminal, as admin, who says no target. */
function menu(secret: string, term = 'xterm'): Terminal {
  const { command, env } = sshCommand(product, 'admin', secret, ['-t']);
  return startTerminal('sshpass', command, { columns: 100, rows: 20, env: { ...env, TERM: term } });
}

const entitlement = (disabled: boolean): string => `
apiVersion: sallyport/v1
kind: Entitlement
metadata: {name: den}
spec: {access: {targets: [den]}, recording: required, disabled: ${String(disabled)}}
`;

it('lists what is open to the person, opens the choice through admission, and has it first the next time', async () => {
  const { secret } = await admin.token();
  const before = await admin.head();
  const terminal = menu(secret);
  await terminal.shows(/> box .*\r\n.* den /);
  terminal.type('den\r');
  await terminal.shows('sallyport: connecting to');
  terminal.type('stty size; exit 7\r');
  await terminal.shows('20 100');
  expect(await terminal.exited).toMatchObject({ code: 7 });
  const opened = await admin.event(before, 'the session', ({ type }) => type === 'SessionOpened');
  expect(opened.data).toMatchObject({ targetName: 'den', accountName: sshd.username });
  await admin.event(before, 'its end', ({ type }) => type === 'SessionEnded');
  expect((await admin.events(before)).filter(({ type }) => type === 'SessionAdmitted')).toHaveLength(1);
  const again = menu(secret, 'dumb');
  await again.shows(/ 1 {2}den .* last \d{4}-\d\d-\d\d\r\n {3}2 {2}box /);
  again.type('q\r');
  expect(await again.exited).toMatchObject({ code: 0 });
});

it('a right that is lost while the menu is open opens nothing: it says why, and lists what is left', async () => {
  const { secret } = await admin.token();
  const before = await admin.head();
  const terminal = menu(secret, 'dumb');
  await terminal.shows(/den /);
  await admin.apply(entitlement(true));
  terminal.type('den\r');
  await terminal.shows('access to den was refused');
  await terminal.shows('1 to choose from');
  await admin.event(
    before,
    'the refusal',
    ({ type, data }) => type === 'SessionRefused' && data.reason === 'not-allowed',
  );
  terminal.type('\u0003');
  expect(await terminal.exited).toMatchObject({ code: 130 });
  await admin.apply(entitlement(false));
});

it('the revocation of its token ends a menu at once', async () => {
  const { id, secret } = await admin.token();
  const terminal = menu(secret, 'dumb');
  await terminal.shows('2 to choose from');
  const start = performance.now();
  await admin.revoke(id);
  expect(await terminal.exited).toMatchObject({ code: 1 });
  // By looking alone it would take up to ten seconds.
  expect(performance.now() - start).toBeLessThan(9_000);
  expect(terminal.output()).toContain('your token or key does not open anything here any more');
});

it('who needs a reason is asked for it; it opens the session, and stands in it, sealed in the log', async () => {
  await admin.apply(`
apiVersion: sallyport/v1
kind: Condition
metadata: {name: ticket}
spec: {expression: 'claims.user.reason.startsWith("OPS-")', remedy: {kind: reason, text: a ticket number}}
---
${entitlement(false).replace('recording', 'conditions: [ticket], recording')}`);
  const { secret } = await admin.token();
  const before = await admin.head();
  const terminal = menu(secret, 'dumb');
  await terminal.shows(/den .* needs a reason: a ticket number\r\n/);
  terminal.type('den\r');
  await terminal.shows('(a ticket number): ');
  terminal.type('zebra\r');
  await terminal.shows('access to den needs another reason than the one that was given: a ticket number');
  await terminal.shows(/q to leave: $/, terminal.output().lastIndexOf('another reason'));
  terminal.type('den\r');
  await terminal.shows('(a ticket number): ', terminal.output().lastIndexOf('another reason'));
  terminal.type('OPS-8 walrus\r');
  await terminal.shows('sallyport: connecting to');
  terminal.type('exit 7\r');
  expect(await terminal.exited).toMatchObject({ code: 7 });
  const opened = await admin.event(before, 'the session', ({ type }) => type === 'SessionOpened');
  expect(opened.data).toMatchObject({ targetName: 'den', reason: 'OPS-8 walrus' });
  await admin.event(before, 'the end', ({ type }) => type === 'SessionEnded');
  expect(await product.json(['sessions', 'show', opened.stream])).toMatchObject({ reason: 'OPS-8 walrus' });
  const inFiles = findBelow(product.dataFolder, [
    { secret: 'the reason', form: 'plain', bytes: Buffer.from('walrus') },
  ]);
  expect(inFiles).toEqual([]);
  await admin.apply(entitlement(false));
});

it('a token for one target lists no other', async () => {
  const { secret } = await admin.token({ target: 'den' });
  const terminal = menu(secret, 'dumb');
  await terminal.shows('1 to choose from');
  expect(terminal.output()).not.toContain('box');
  terminal.type('q\r');
  expect(await terminal.exited).toMatchObject({ code: 0 });
});
