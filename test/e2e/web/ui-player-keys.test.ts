import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChromium } from '../../kit/chromium.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { until } from '../../kit/until.ts';
import { launchProduct, type Product, sshdResources, type Token } from '../product.ts';
import { atShell, watchFocus } from './audit-kit.ts';
import { keyboard } from './stories/hands.ts';
import { atUi } from './ui-kit.ts';

let sshd: Sshd;
let product: Product;
let browser: Browser;
let recorded = '';

beforeAll(async () => {
  [sshd, product] = await Promise.all([launchSshd(), launchProduct({ cut: null })]);
  browser = await startChromium([product.webPort]);
  const typed = sshdResources(sshd).replace('targets: [box]}', 'targets: [box], channels: {ssh: {typed: true}}}');
  await product.cli(['apply', '-f', '-'], { input: typed });
  const shell = await atShell(product, await product.json<Token>(['token', 'create']));
  await shell.type('echo al""pha\r', 'alpha\r\n');
  await shell.type('sleep 3; echo ome""ga\r', 'omega\r\n');
  await shell.type('echo last\r', 'last\r\n');
  await shell.exit();
  recorded = (await product.json<readonly { id: string }[]>(['sessions', 'list'])).at(-1)?.id ?? '';
});
afterAll(async () => {
  await browser.close();
  await product.stop();
  await sshd.stop();
});

const screenOf = async (page: Page): Promise<string> => (await page.locator('.xterm-rows').textContent()) ?? '';
const shows = async (page: Page, text: string): Promise<void> => {
  await until(async () => (await screenOf(page)).includes(text), { what: `"${text}" on the screen` });
};
const position = async (page: Page): Promise<number> =>
  Number(await page.getByRole('slider').getAttribute('aria-valuenow'));
const at = async (page: Page, second: number): Promise<void> => {
  await until(async () => (await position(page)) === second, { what: `second ${String(second)}` });
};

/** An auditor at the list of sessions; `unseen` collects what had the focus and did not show it. */
async function atSessions() {
  const who = { user: 'admin', password: product.adminPassword, path: '/ui/sessions?target=box&live=no' };
  const { page, context, complaints } = await atUi(browser, product, who);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const unseen: string[] = [];
  await page.exposeFunction('focusUnseen', (what: string) => unseen.push(what));
  await page.evaluate(watchFocus);
  const player = page.getByRole('group', { name: 'Player' });
  const openPlayer = async (): Promise<void> => {
    await keyboard.press(page.locator(`a[href$="${recorded}"]`).first());
    await until(() => player.evaluate((element) => element === document.activeElement), { what: 'the focus in it' });
    await page.getByRole('button', { name: /echo last/ }).waitFor();
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  };
  const toSearch = async (): Promise<Locator> => {
    await page.keyboard.press('f');
    const field = page.locator('input[type=search]:focus');
    await field.waitFor();
    return field;
  };
  return { page, keys: page.keyboard, complaints, unseen, openPlayer, toSearch, player };
}

test('from the list to the player, and played, sought and quickened by keys alone', async () => {
  const { page, keys, complaints, unseen, openPlayer } = await atSessions();
  await openPlayer();
  await keys.press('Space');
  await page.getByRole('button', { name: 'Pause', exact: true }).waitFor();
  await keys.press('k');
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  await keys.press('End');
  await shows(page, 'last');
  const end = await position(page);
  await keys.press('[');
  await until(async () => (await position(page)) <= end, { what: 'the event before' });
  await keys.press('Home');
  await at(page, 0);
  await until(async () => !(await screenOf(page)).includes('alpha'), { what: 'the screen of the start' });
  await keys.press(']');
  await keys.press('ArrowRight');
  await until(async () => (await position(page)) > 0, { what: 'five seconds on' });
  await keys.press('>');
  const speed = page.getByLabel('Speed');
  await until(async () => (await speed.inputValue()) === '2', { what: 'twice the speed' });
  await keyboard.pick(speed, '0.5×');
  await until(async () => (await speed.inputValue()) === '0.5', { what: 'half the speed' });
  await keyboard.toggle(page.getByLabel('Skip idle'));
  await until(async () => !(await page.getByLabel('Skip idle').isChecked()), { what: 'idle time to be shown' });
  await keyboard.press(page.getByRole('slider'));
  await keys.press('Home');
  await at(page, 0);
  await keys.press('End');
  await at(page, end);
  expect(unseen).toEqual([]);
  expect(complaints).toEqual([]);
});

test('searched from hit to hit, and led by what happened, without leaving the keyboard', async () => {
  const { page, keys, complaints, unseen, openPlayer, toSearch, player } = await atSessions();
  await openPlayer();
  const field = await toSearch();
  await keys.type('omega');
  await page.getByText('1 hit', { exact: true }).waitFor();
  await keys.press('Enter');
  await shows(page, 'omega');
  expect(await field.inputValue()).toBe('omega');
  await keys.press('Escape');
  await until(() => player.evaluate((element) => element === document.activeElement), { what: 'the player' });
  await keys.press('Home');
  await until(async () => !(await screenOf(page)).includes('omega'), { what: 'the screen of the start' });
  await keys.press('n');
  await shows(page, 'omega');
  expect(await page.locator('mark').textContent()).toBe('omega');
  await keyboard.press(page.locator('.player-rail button').first());
  await shows(page, 'omega');

  await keyboard.press(page.getByRole('tab', { name: 'Text' }));
  const text = page.getByRole('region', { name: 'Text of the screen' });
  await until(async () => (await text.textContent())?.includes('omega'), { what: 'the text of the screen' });
  await keyboard.press(page.getByRole('tab', { name: 'Events' }));
  await keys.press('Home');
  await keyboard.press(page.getByRole('button', { name: /echo last/ }));
  await shows(page, 'omega');
  expect(unseen).toEqual([]);
  expect(complaints).toEqual([]);
});

test('links, help and downloads are within reach of the keyboard, and what lies over the player has keys of its own', async () => {
  const { page, keys, complaints, unseen, openPlayer } = await atSessions();
  await openPlayer();
  await keys.press('End');
  await shows(page, 'last');
  const end = await position(page);
  await keys.press('c');
  await page.getByText('A link to this moment is on the clipboard.').first().waitFor();
  await keys.press('?');
  const help = page.getByRole('dialog');
  await help.getByText('To the next event').waitFor();
  await keys.press('f');
  await keys.press('l');
  await keys.press('Escape');
  await help.waitFor({ state: 'detached' });
  expect([await position(page), await page.locator('input[type=search]').count()]).toEqual([end, 0]);
  await keyboard.press(page.getByRole('button', { name: 'Download' }));
  const file = page.waitForEvent('download');
  await keyboard.press(page.getByRole('menuitem', { name: 'What happened, as text' }));
  expect((await file).suggestedFilename()).toBe(`${recorded}.txt`);
  expect(unseen).toEqual([]);
  expect(complaints).toEqual([]);
});
