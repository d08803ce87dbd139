import type { Download, Locator } from 'playwright-core';
import { expect } from 'vitest';
import { rowOf } from './person-access.ts';
import { runShown } from './shown-line.ts';
import { clipboardOf, type Visit } from './visit.ts';

/** The drawer of a server: a line for each client, and its password on the spot. */
export async function connectByClient(visit: Visit): Promise<void> {
  const { hands, book, page } = visit;
  const drawer = page.getByRole('dialog');
  await book.step('the ways to a server', page, async () => {
    await hands.press(page.getByRole('button', { name: /Connect to .* on web-1/ }));
    await drawer.getByRole('link', { name: 'Open a terminal' }).waitFor();
  });
  await book.step('the line for OpenSSH', page, async () => {
    await hands.press(drawer.getByRole('tab', { name: 'OpenSSH' }));
    await drawer.getByText(/^ssh -p/).waitFor();
  });
  let secret = '';
  await book.step('a token for it on the spot', page, async () => {
    secret = await tokenHere(visit, 'web-1');
  });
  const ran = await runShown({ line: await lineOf(drawer, /^ssh -p/), secret, more: "'echo in'" });
  expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: 'in\n' });
  await book.step('the lines for PuTTY', page, async () => {
    await hands.press(drawer.getByRole('tab', { name: 'PuTTY' }));
    await drawer
      .getByText(/^plink/)
      .first()
      .waitFor();
  });
  await hands.leave(page);
  await drawer.waitFor({ state: 'hidden' });
  await book.step('used a moment ago', page, async () => {
    await hands.press(page.getByRole('tab', { name: 'Recent' }));
    await rowOf(page, 'web-1').waitFor();
  });
}

/** Some questions to a database, one of them wrong. */
const questions = [
  'create table invoice (id int primary key, customer text, paid boolean)',
  "insert into invoice values (1, 'Fern & Moss', true), (2, 'Quiet Engines Ltd', false)",
  'select customer from invoice where not paid',
  'select customer from invoise',
];

/** The same for a database, whose clients need the certificate of the installation too. */
export async function askDatabase(visit: Visit): Promise<void> {
  const { hands, book, page } = visit;
  const drawer = page.getByRole('dialog');
  await hands.press(page.getByRole('tab', { name: 'All' }));
  await book.step('the line for psql', page, async () => {
    await hands.press(page.getByRole('button', { name: /Connect to .* on db-1/ }));
    await hands.press(drawer.getByRole('tab', { name: 'psql' }));
    await drawer.getByText(/^psql "/).waitFor();
  });
  const secret = await tokenHere(visit, 'db-1');
  const file = await saved(visit, drawer.getByRole('button', { name: 'Download: The CA certificate to trust' }));
  const more = `-XAt ${questions.map((question) => `-c "${question}"`).join(' ')}`;
  const ran = await runShown({ line: await lineOf(drawer, /^psql "/), secret, more, files: file });
  expect(ran.stdout, ran.stderr).toContain('Quiet Engines Ltd');
  expect(ran.stderr).toContain('"invoise" does not exist');
  await book.step('what DBeaver takes', page, async () => {
    await hands.press(drawer.getByRole('tab', { name: 'DBeaver' }));
    await drawer.getByText(/^dbeaver -con/).waitFor();
  });
  await hands.leave(page);
  await drawer.waitFor({ state: 'hidden' });
}

/** A token for this target alone, as the clipboard has it. */
async function tokenHere({ hands, page }: Visit, target: string): Promise<string> {
  const drawer = page.getByRole('dialog');
  await hands.check(drawer.getByLabel(`Only for ${target}`));
  await hands.press(drawer.getByRole('button', { name: 'Make a token' }));
  await hands.press(drawer.getByRole('button', { name: 'Copy: the token' }));
  await drawer.getByRole('button', { name: 'Copied: the token' }).waitFor();
  const secret = await clipboardOf(page);
  expect(secret).toMatch(/^spt_/);
  return secret;
}

const lineOf = async (drawer: Locator, begins: RegExp): Promise<string> =>
  ((await drawer.getByText(begins).textContent()) ?? '').trim();

async function saved({ hands, page }: Visit, button: Locator): Promise<Readonly<Record<string, string>>> {
  const [file] = await Promise.all([page.waitForEvent('download'), hands.press(button)]);
  return { [file.suggestedFilename()]: await textOf(file) };
}

/** What a file holds that the browser saved. */
export async function textOf(file: Download): Promise<string> {
  let text = '';
  for await (const piece of await file.createReadStream()) text += String(piece);
  return text;
}
