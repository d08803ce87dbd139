import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { launch } from '../../../kit/process.ts';
import { until } from '../../../kit/until.ts';
import { sshCommand } from '../../product.ts';
import type { UiVisitor } from '../ui-kit.ts';
import { addName, create, type Desk, goTo } from './admin-forms.ts';
import { registerKey } from './admin-keys.ts';
import { arrive, password, type World } from './world.ts';

const colleague = 'bea';

/** People are at work: who is in, what ends, and what the log says of it. */
export async function adminEvening(world: World): Promise<void> {
  const { page, complaints } = await arrive(world, { user: 'admin', password: world.product.adminPassword });
  const desk: Desk = { ...world, page };
  await newColleague(desk);
  const bea = await arrive(world, { user: colleague, password });
  await endWatched(desk, bea);
  await revokeToken(world, desk, bea);
  await registerKey(world, desk);
  await readEvents(desk);
  await openGraphiql(desk);
  expect(complaints).toEqual([]);
  expect(bea.complaints).toEqual([]);
}

/** Somebody begins today: in the group, and so in everything that the group has. */
async function newColleague(desk: Desk): Promise<void> {
  const { page, hands } = desk;
  await create(desk, {
    screen: 'Users',
    one: 'a user',
    name: colleague,
    fill: async () => {
      await hands.fill(page.getByLabel('E-mail address'), `${colleague}@example.org`);
      await addName(desk, 'Groups', 'ops');
      await hands.fill(page.getByLabel('New password'), password);
    },
    review: '- ops',
    again: true,
  });
}

/** A session is watched as it goes, and ended with a word that its person reads. */
async function endWatched(desk: Desk, bea: UiVisitor): Promise<void> {
  const { page, hands, book } = desk;
  const terminal = await openTerminal(desk, bea);
  await hands.type(terminal, "exec env -i TERM=$TERM PS1='web-1$ ' HISTFILE= bash --norc --noprofile\n");
  await hands.type(terminal, 'clear; echo "the backup begins"\n');
  await book.step('a live session', page, async () => {
    await goTo(desk, 'Live sessions');
    await page.getByRole('link', { name: `Watch ${colleague} on web-1` }).waitFor();
  });
  await book.step('a live session is watched', page, async () => {
    await hands.press(page.getByRole('link', { name: `Watch ${colleague} on web-1` }));
    await page.getByRole('group', { name: 'Player' }).waitFor();
    await shows(page, /^the backup begins$/m);
  });
  await book.step('before it is ended', page, async () => {
    await hands.press(page.getByRole('button', { name: 'End session' }));
    await hands.fill(
      page.getByRole('dialog').getByLabel('Reason'),
      'web-1 is restarted at nine: please save your work',
    );
  });
  await book.step('it has ended', page, async () => {
    await hands.press(page.getByRole('dialog').getByRole('button', { name: 'End session' }));
    await page.getByText('Message at the end').waitFor();
  });
  await book.step('its person reads why', terminal, async () => {
    await terminal.getByText('The session has ended').waitFor();
    await terminal
      .getByText(/web-1 is restarted at nine/)
      .first()
      .waitFor();
  });
  await terminal.close();
}

async function openTerminal({ hands }: Desk, { page, context }: UiVisitor): Promise<Page> {
  await hands.press(page.getByRole('button', { name: /Connect to .* on web-1/ }));
  const opening = context.waitForEvent('page');
  await hands.press(page.getByRole('link', { name: 'Open a terminal' }));
  const terminal = await opening;
  await terminal.getByText('Connected', { exact: true }).waitFor();
  await hands.leave(page);
  return terminal;
}

/** A token is revoked, and what that ends was said before. */
async function revokeToken({ product }: World, desk: Desk, bea: UiVisitor): Promise<void> {
  const { page, hands, book } = desk;
  const secret = await makeToken(desk, bea.page);
  const { command, env } = sshCommand(product, `${colleague}~web-1`, secret);
  const client = launch('sshpass', [...command, 'echo in; sleep 600'], { env });
  try {
    await client.line(/^in/);
    await book.step('what ends with a token', page, async () => {
      await goTo(desk, 'Tokens of all');
      await hands.fill(page.getByLabel('Person (part of a name)'), colleague);
      await hands.press(page.getByRole('button', { name: `Revoke the token of ${colleague}` }));
      await page.getByRole('dialog').getByText('on web-1').waitFor();
    });
    await book.step('it is revoked', page, async () => {
      await hands.press(page.getByRole('dialog').getByRole('button', { name: 'Revoke' }));
      await page.getByText('No live token').waitFor();
    });
    await client.exited;
  } finally {
    await client.stop('SIGKILL');
  }
  await book.step('nobody is in', page, async () => {
    await goTo(desk, 'Live sessions');
    await page.getByText('No session is open').waitFor();
  });
}

async function makeToken({ hands }: Desk, page: Page): Promise<string> {
  const dialog = page.getByRole('dialog');
  await hands.press(page.getByRole('button', { name: `Your menu, ${colleague}` }));
  await hands.press(page.getByRole('menuitem', { name: 'Make a temporary token' }));
  await hands.press(dialog.getByRole('button', { name: 'Make the token' }));
  await hands.press(dialog.getByRole('button', { name: 'Show the token' }));
  return (await dialog.getByText(/^spt_/).textContent()) ?? '';
}

/** What the log says of it all. */
async function readEvents(desk: Desk): Promise<void> {
  const { page, hands, book } = desk;
  await book.step('all events', page, async () => {
    await goTo(desk, 'Events');
    await page.getByRole('button', { name: 'TemporaryTokenRevoked, the whole event' }).first().waitFor();
  });
  await book.step('events of one person and kind', page, async () => {
    await addName(desk, 'Types', 'SessionEnded');
    await hands.fill(page.getByLabel('About whom (name or id)'), colleague);
    await until(() => new URL(page.url()).searchParams.get('user') === colleague, {
      what: 'the filter in the address',
    });
    await page.getByRole('button', { name: 'TemporaryTokenRevoked, the whole event' }).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'SessionEnded, the whole event' }).first().waitFor();
  });
  await book.step('the whole of an event', page, async () => {
    await hands.press(page.getByRole('button', { name: 'SessionEnded, the whole event' }).first());
    await page.getByRole('dialog').getByRole('button', { name: 'Copy the JSON' }).waitFor();
  });
  await hands.leave(page);
  await page.getByRole('dialog').waitFor({ state: 'hidden' });
}

/** One press away: everything that the screens ask, to be asked by oneself. */
async function openGraphiql({ page, hands, book }: Desk): Promise<void> {
  await book.step('the menu of the administrator', page, async () => {
    await hands.press(page.getByRole('button', { name: 'Your menu, admin' }));
    await page.getByRole('menuitem', { name: 'GraphiQL' }).waitFor();
  });
  const opening = page.context().waitForEvent('page');
  await hands.press(page.getByRole('menuitem', { name: 'GraphiQL' }));
  const graphiql = await opening;
  await book.glimpse('GraphiQL', graphiql, () => graphiql.locator('.graphiql-container').first().waitFor());
}

async function shows(page: Page, what: RegExp): Promise<void> {
  await until(
    async () => {
      const lines = await page.locator('.xterm-rows > div').allTextContents();
      return what.test(lines.map((line) => line.replaceAll('\u00a0', ' ').trimEnd()).join('\n'));
    },
    { what: String(what), deadlineMs: 60_000 },
  );
}
