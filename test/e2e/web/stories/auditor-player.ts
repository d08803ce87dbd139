import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { until } from '../../../kit/until.ts';
import { textOf } from './person-clients.ts';
import { shows } from './person-terminal.ts';
import { clipboardOf, type Visit } from './visit.ts';

/** The session that ann had in her browser: played, searched, and told to others by a link. */
export async function playSession(visit: Visit, session: string): Promise<void> {
  const { hands, book, page } = visit;
  await hands.press(page.getByRole('link', { name: 'Sessions', exact: true }));
  const play = page.getByRole('button', { name: 'Play', exact: true });
  const skipIdle = page.getByRole('switch', { name: 'Skip idle' });
  await book.step('what ann did in her browser, slowly, by the time of day', page, async () => {
    await hands.press(page.locator(`a[href$="${session}"]`).first());
    await hands.toggle(skipIdle);
    await hands.pick(page.getByLabel('Speed'), '0.25×');
    const time = page.getByTitle(/^Time of day, or time since/);
    await hands.press(time);
    await until(async () => /^\d\d:\d\d:\d\d$/.test((await time.textContent()) ?? ''), { what: 'a time of day' });
    await hands.press(play);
    await hands.press(page.getByRole('button', { name: 'Pause', exact: true }));
    await play.waitFor();
    expect(await skipIdle.isChecked()).toBe(false);
  });
  await book.step('fast to its end, without the idle time', page, async () => {
    await hands.toggle(skipIdle);
    await hands.pick(page.getByLabel('Speed'), '16×');
    await hands.press(play);
    await shows(page, /^still yes$/m);
    await play.waitFor();
  });
  await book.step('to where the window became smaller', page, async () => {
    await hands.toggle(page.getByRole('checkbox', { name: 'Sizes' }));
    await hands.press(page.getByRole('button', { name: /Screen of/ }).first());
    await shows(page, /^\d+ \d+$/m);
  });
  await searchIn(visit);
  await linkToMoment(visit);
}

async function searchIn({ hands, book, page }: Visit): Promise<void> {
  await book.step('searched in what was shown', page, async () => {
    await hands.press(page.getByRole('tab', { name: 'Search' }));
    await hands.fill(page.getByLabel('Text that was shown or typed'), 'backup of');
    await page.getByText(/^\d+ hits$/).waitFor();
    expect(await page.locator('.player-time-line .hit').getAttribute('d')).toMatch(/^M/);
  });
  await book.step('the next hit', page, async () => {
    // The first one is the command itself, as it was typed.
    await hands.press(page.locator('.player-rail button').nth(1));
    await shows(page, /^the backup of a is done$/m);
    await page.keyboard.press('n');
    await shows(page, /^the backup of b is done$/m);
    expect(await shown(page)).not.toContain('the backup of c is done');
  });
}

/** The moment that is shown, for somebody else. */
async function linkToMoment({ hands, book, page, context }: Visit): Promise<void> {
  await hands.press(page.getByRole('button', { name: 'Copy a link to this moment' }));
  await page.getByText('A link to this moment is on the clipboard.').first().waitFor();
  const link = await clipboardOf(page);
  const other = await context.newPage();
  await other.goto(link);
  await book.step('a link to that moment, opened', other, async () => {
    await shows(other, /^the backup of b is done$/m);
    expect(await shown(other)).not.toContain('the backup of c is done');
  });
  await other.close();
}

const shown = async (page: Page): Promise<string> =>
  (await page.locator('.xterm-rows > div').allTextContents()).join('\n').replaceAll('\u00a0', ' ');

/** The recording in three forms, as files. */
export async function download({ hands, book, page }: Visit): Promise<void> {
  const saved = async (name: string): Promise<{ readonly name: string; readonly text: string }> => {
    await hands.press(page.getByRole('button', { name: 'Download' }));
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      hands.press(page.getByRole('menuitem', { name })),
    ]);
    const text = await textOf(file);
    await page.getByRole('menu').waitFor({ state: 'hidden' });
    return { name: file.suggestedFilename(), text };
  };
  const cast = await saved('The screen, as asciicast');
  expect(cast.name).toMatch(/^session-.*\.cast$/);
  expect(cast.text).toContain('"version":2');
  expect(cast.text).toContain('the backup of c is done');
  const text = await saved('What happened, as text');
  expect(text.name).toMatch(/\.txt$/);
  expect(text.text).toContain('shell');
  const json = await saved('Every record, as JSON lines');
  const records = json.text.trim().split('\n');
  expect(records.map((line) => (JSON.parse(line) as { kind: string }).kind)).toContain('output');
  await book.step('three forms to take away', page, async () => {
    await hands.press(page.getByRole('button', { name: 'Download' }));
    await page.getByRole('menuitem', { name: 'The screen, as asciicast' }).waitFor();
  });
  await page.keyboard.press('Escape');
}

/** What ann asked a database, statement by statement. */
export async function readStatements({ hands, book, page }: Visit): Promise<void> {
  await hands.press(page.getByRole('link', { name: 'Sessions', exact: true }));
  await hands.pick(page.getByLabel('Protocol'), 'postgres');
  const statement = (text: string): Locator => page.locator('.statements > li').filter({ hasText: text });
  await book.step('what was asked of a database', page, async () => {
    const row = page.getByRole('row', { name: /@db-1/ });
    await hands.press(row.getByRole('link', { name: /Session of ann/ }).first());
    await statement('insert into invoice').waitFor();
    await statement('invoise').getByText('SQLSTATE 42P01').waitFor();
  });
  await book.step('statements that speak of money', page, async () => {
    await hands.fill(page.getByLabel('Text in statements or parameters'), 'not paid');
    await statement('insert into invoice').waitFor({ state: 'hidden' });
    await statement('where not paid').waitFor();
  });
}
