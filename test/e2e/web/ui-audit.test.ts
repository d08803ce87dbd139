import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { startChromium } from '../../kit/chromium.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { until } from '../../kit/until.ts';
import { postgresResources } from '../postgres/database.ts';
import { launchProduct, type Product, sshdResources, type Token } from '../product.ts';
import { type AtShell, atShell } from './audit-kit.ts';
import { originOf } from './browser-kit.ts';
import { atUi, expectFits, expectNoBarriers } from './ui-kit.ts';

let sshd: Sshd;
let product: Product;
let browser: Browser;
let token: Token;
let database: PostgresServer;
let recorded = '';
let asked = '';

beforeAll(async () => {
  [sshd, database, product] = await Promise.all([launchSshd(), launchPostgresServer(), launchProduct({ cut: null })]);
  browser = await startChromium([product.webPort]);
  const typed = sshdResources(sshd).replace('targets: [box]}', 'targets: [box], channels: {ssh: {typed: true}}}');
  await product.cli(['apply', '-f', '-'], {
    input: `${typed}\n---\n${postgresResources(database, 'app', '{readOnly: true}')}`,
  });
  token = await product.json<Token>(['token', 'create']);
  const shell = await atShell(product, token);
  await shell.type("printf '\\033]0;owned\\007\\033]52;c;b3duZWQ=\\007\\033[31m%s\\033[0m\\033[c\\n' alpha\r", 'alpha');
  await shell.type('sleep 4; echo ome""ga\r', 'omega\r\n');
  await shell.type('echo last\r', 'last\r\n');
  await shell.exit();
  recorded = await newest();
  asked = await askDatabase();
});
afterAll(async () => {
  await browser.close();
  await product.stop();
  await sshd.stop();
  await database.stop();
});

const admin = (path: string): { user: string; password: string; path: string } => ({
  user: 'admin',
  password: product.adminPassword,
  path,
});

/** A session at the database: a parameter that looks like markup, an error, and a statement that is refused. */
async function askDatabase(): Promise<string> {
  const client = new pg.Client({
    host: 'localhost',
    port: product.postgresPort,
    user: 'admin~app',
    password: token.secret,
    database: 'postgres',
    ssl: { ca: readFileSync(join(product.dataFolder, 'ca.pem'), 'utf8') },
  });
  await client.connect();
  await client.query('SELECT $1::text AS said, generate_series(1, 3)', ['<b id="owned">markup</b>']);
  await expect(client.query('SELECT 1 / 0')).rejects.toThrow('division by zero');
  await expect(client.query('CREATE TABLE not_allowed (a int)')).rejects.toThrow();
  await client.end();
  return newest();
}

async function newest(): Promise<string> {
  return (await product.json<readonly { id: string }[]>(['sessions', 'list'])).at(-1)?.id ?? '';
}

async function live(): Promise<{ readonly shell: AtShell; readonly id: string }> {
  const shell = await atShell(product, token);
  onTestFinished(() => shell.stop());
  return { shell, id: await newest() };
}

/** What the terminal of the player shows. */
const screenOf = async (page: Page): Promise<string> => (await page.locator('.xterm-rows').textContent()) ?? '';

const shows = async (page: Page, text: string): Promise<void> => {
  await until(async () => (await screenOf(page)).includes(text), { what: `"${text}" on the screen` });
};

/** When the screen stood still in the recording for longest, in seconds. */
async function asleep(): Promise<{ readonly from: number; readonly to: number }> {
  const { stdout } = await product.cli(['recordings', 'export', recorded, '--as', 'asciicast']);
  const [, ...lines] = stdout.trim().split('\n');
  const times = lines.map((line) => (JSON.parse(line) as [number])[0]);
  const gaps = times.slice(1).map((to, index) => ({ from: times[index] ?? 0, to }));
  const [longest] = gaps.toSorted((one, other) => other.to - other.from - (one.to - one.from));
  if (longest === undefined) throw new Error('nothing was shown');
  return longest;
}

/** From now on, the whole seconds that the player is at. */
async function positionsPassed(page: Page): Promise<() => Promise<readonly number[]>> {
  const seen = await page.getByRole('slider').evaluateHandle((slider) => {
    const seconds: number[] = [];
    new MutationObserver(() => seconds.push(Number(slider.getAttribute('aria-valuenow')))).observe(slider, {
      attributeFilter: ['aria-valuenow'],
    });
    return seconds;
  });
  return () => seen.jsonValue();
}

const position = async (page: Page): Promise<number> =>
  Number(await page.getByRole('slider').getAttribute('aria-valuenow'));

test.each([
  [1440, 'light'],
  [1024, 'dark'],
  [390, 'light'],
] as const)('at %i pixels in %s colours the screens of an auditor are in nobody’s way', async (width, colorScheme) => {
  const { page, open, complaints } = await atUi(browser, product, admin('/ui/sessions'), {
    viewport: { width, height: 900 },
    colorScheme,
    reducedMotion: 'reduce',
  });
  await page
    .getByRole('link', { name: /Session of admin/ })
    .first()
    .waitFor();
  await expectNoBarriers(page, 'sessions');
  await expectFits(page, 'sessions');
  await open(`/ui/sessions/${recorded}?t=1`);
  await shows(page, 'alpha');
  await expectNoBarriers(page, 'the player');
  await expectFits(page, 'the player');
  await page.getByRole('button', { name: 'Keys' }).click();
  await page.getByText('To the next event').waitFor();
  await expectNoBarriers(page, 'the keys');
  await open('/ui/events');
  await page
    .getByRole('button', { name: /SessionEnded/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Copy the JSON' }).waitFor();
  await expectNoBarriers(page, 'an event');
  await expectFits(page, 'the events');
  expect(complaints).toEqual([]);
});

test('the list is filtered by the address, and a session leads to its recording', async () => {
  const { page, open, complaints } = await atUi(browser, product, admin('/ui/sessions?target=nothing-like-it'));
  await page.getByText('No session fits').waitFor();
  await open('/ui/sessions?user=nobody-like-it');
  await page.getByText('No session fits').waitFor();
  await open('/ui/sessions?user=dmi&target=box&protocol=ssh&live=no&reason=closed-by-client');
  await page
    .getByRole('link', { name: /Session of admin/ })
    .last()
    .click();
  await page.waitForURL((url) => url.pathname === `/ui/sessions/${recorded}`);
  await page.getByRole('group', { name: 'Player' }).waitFor();
  expect(complaints).toEqual([]);
});

test('a recording is played by keys from what a link says, idle time is skipped, and nothing in it acts', async () => {
  const { from, to } = await asleep();
  const { page, complaints } = await atUi(browser, product, admin(`/ui/sessions/${recorded}?t=${String(from + 0.5)}`));
  await shows(page, 'alpha');
  expect(await screenOf(page)).not.toContain('omega');
  expect(await position(page)).toBe(Math.floor(from + 0.5));
  const passed = await positionsPassed(page);
  await page.keyboard.press('Space');
  await shows(page, 'omega');
  await shows(page, 'last');
  // Of the four seconds of sleep those in the middle were skipped.
  const seconds = await passed();
  expect(seconds).toContain(Math.floor(to));
  expect(seconds.filter((second) => second > from + 1.3 && second < to - 1.3)).toEqual([]);
  await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
  expect(await page.title()).toContain('· Sallyport');
  await page.keyboard.press('[');
  await page.keyboard.press('[');
  await page.getByRole('slider').focus();
  await page.keyboard.press('Home');
  await until(async () => (await position(page)) === 0, { what: 'the start' });
  await until(async () => !(await screenOf(page)).includes('alpha'), { what: 'the empty screen of the start' });
  await page.getByRole('button', { name: /echo last/ }).click();
  await shows(page, 'omega');
  await page.getByRole('tab', { name: 'Text' }).click();
  await until(
    async () => (await page.getByRole('region', { name: 'Text of the screen' }).textContent())?.includes('omega'),
    {
      what: 'the text of the screen',
    },
  );
  expect(complaints).toEqual([]);
});

test('what was shown and typed is searched, with marks to jump between', async () => {
  const { page, complaints } = await atUi(browser, product, admin(`/ui/sessions/${recorded}`));
  await page.getByRole('group', { name: 'Player' }).focus();
  await page.keyboard.press('f');
  await page.locator('input[type=search]:focus').waitFor();
  await page.keyboard.type('OMEGA');
  await page.getByText('1 hit', { exact: true }).waitFor();
  expect(new URL(page.url()).searchParams.get('find')).toBe('OMEGA');
  expect(await page.locator('mark').textContent()).toBe('omega');
  expect(await page.locator('.player-time-line .hit').getAttribute('d')).toMatch(/^M/);
  await page.getByRole('group', { name: 'Player' }).focus();
  await page.keyboard.press('n');
  await shows(page, 'omega');
  await page.getByLabel('Text that was shown or typed').fill('nowhere-to-be-found');
  await page.getByText('It stands nowhere in this recording.').waitFor();
  await expectNoBarriers(page, 'the search');
  expect(complaints).toEqual([]);
});

test('a session at a database is a list of statements, with parameters, rows, errors and refusals', async () => {
  const { page, complaints } = await atUi(browser, product, admin(`/ui/sessions/${asked}`));
  const statement = (text: string) => page.locator('.statements > li').filter({ hasText: text });
  const first = statement('generate_series');
  await first.getByText(`$1 = '<b id="owned">markup</b>'`).waitFor();
  await first.getByText('3 rows').waitFor();
  expect(await page.locator('#owned').count()).toBe(0);
  await statement('SELECT 1 / 0').getByText('SQLSTATE 22012').waitFor();
  await statement('not_allowed').getByText('Refused', { exact: true }).waitFor();
  await statement('not_allowed').getByText('The database never saw it.').waitFor();
  await expectNoBarriers(page, 'the statements');
  await page.getByLabel('Text in statements or parameters').fill('MARKUP');
  await until(async () => (await page.locator('.statements > li').count()) === 1, { what: 'the one that fits' });
  await page.setViewportSize({ width: 390, height: 844 });
  await expectFits(page, 'the statements');
  expect(complaints).toEqual([]);
});

test('a link to a moment goes to the clipboard, and leads there', async () => {
  const { page, context, complaints } = await atUi(browser, product, admin(`/ui/sessions/${recorded}`));
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: /echo last/ }).click();
  await shows(page, 'omega');
  await page.keyboard.press('c');
  await page.getByText('A link to this moment is on the clipboard.').first().waitFor();
  const link = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(link.startsWith(`${originOf(product)}/ui/sessions/${recorded}?t=`)).toBe(true);
  await page.goto(link);
  await shows(page, 'omega');
  expect(complaints).toEqual([]);
});

test('a live session is watched as it goes on, and ended with a reason that its person sees', async () => {
  const { shell, id } = await live();
  await shell.type('echo be""fore\r', 'before\r\n');
  const { page, complaints } = await atUi(browser, product, admin(`/ui/sessions/${id}`), { reducedMotion: 'reduce' });
  await page.getByRole('button', { name: 'Go live' }).click();
  await shows(page, 'before');
  await page.getByRole('button', { name: '● Live' }).waitFor();
  await shell.type('echo while""watched\r', 'whilewatched\r\n');
  await shows(page, 'whilewatched');
  await page.getByRole('button', { name: 'End session' }).click();
  await page.getByLabel('Reason').fill('enough for today');
  await expectNoBarriers(page, 'ending');
  await page.getByRole('dialog').getByRole('button', { name: 'End session' }).click();
  await until(() => shell.said().includes('enough for today'), { what: 'the reason in the terminal' });
  await page.getByText('Ended by the person').waitFor();
  expect(complaints).toEqual([]);
});

test('events come as they happen, and one of them is shown whole', async () => {
  const { page, open, complaints } = await atUi(browser, product, admin('/ui/events?types=RecordingRead'));
  const rows = page.getByRole('button', { name: /RecordingRead/ });
  await rows.first().waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  const before = await rows.count();
  await product.cli(['recordings', 'export', recorded, '--as', 'jsonl']);
  await until(async () => (await rows.count()) === before + 1, { what: 'the new event' });
  await rows.first().click();
  await page.getByText('"format": "jsonl"').waitFor();
  await page.getByRole('link', { name: 'To the session' }).click();
  await page.waitForURL((url) => url.pathname === `/ui/sessions/${recorded}`);
  await open('/ui/events?types=NoSuchType');
  await page.getByText('No event fits').waitFor();
  expect(complaints).toEqual([]);
});

test('a recording is downloaded in three forms', async () => {
  const { page, complaints } = await atUi(browser, product, admin(`/ui/sessions/${recorded}`));
  const download = async (name: string): Promise<string> => {
    await page.getByRole('button', { name: 'Download' }).click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name }).click()]);
    let text = '';
    for await (const piece of await file.createReadStream()) text += String(piece);
    return text;
  };
  expect(await download('The screen, as asciicast')).toContain('"version":2');
  expect(await download('What happened, as text')).toMatch(/^\d:\d\d:\d\d\.\d{3} {2}\[0\] {2}> echo last$/m);
  expect(await download('Every record, as JSON lines')).toContain('"kind":"output"');
  expect(complaints).toEqual([]);
});
