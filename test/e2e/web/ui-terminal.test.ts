import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChromium } from '../../kit/chromium.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { startTerminal } from '../../kit/pty.ts';
import { until } from '../../kit/until.ts';
import { launchProduct, type Product, sshCommand, sshdResources, type Token } from '../product.ts';
import { atUi, expectFits, expectNoBarriers, type UiVisitor } from './ui-kit.ts';

let product: Product;
let sshd: Sshd;
let browser: Browser;

beforeAll(async () => {
  [product, sshd] = await Promise.all([launchProduct({ cut: null }), launchSshd()]);
  const asking = sshdResources(sshd, 'asking', ', conditions: [ticket]');
  await product.cli(['apply', '-f', '-'], {
    input: `${sshdResources(sshd).replace('{targets: [box]}', '{targets: [box], channels: {ssh: {typed: true}}}')}---${asking}---${ticketCondition}---${ann}`,
  });
  browser = await startChromium([product.webPort]);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await product.stop();
  await sshd.stop();
});

const ticketCondition = `
apiVersion: sallyport/v1
kind: Condition
metadata: {name: ticket}
spec: {expression: 'claims.user.reason != ""', remedy: {kind: reason, text: "a ticket number"}}
`;
/** Nobody else's terminals are hers: those of other tests run on for a while. */
const password = 'a meadow full of quiet engines';
const ann = `
apiVersion: sallyport/v1
kind: User
metadata: {name: ann}
spec: {password: "${password}"}
`;
const who = (): { user: string; password: string } => ({ user: 'admin', password: product.adminPassword });
const pathTo = (target: string): string => `/ui/terminal/${target}/${sshd.username}`;

/** What the screen shows, without the padding of its lines. */
async function screenOf(page: Page): Promise<string> {
  const lines = await page.locator('.xterm-rows > div').allTextContents();
  return lines.map((line) => line.replaceAll('\u00a0', ' ').trimEnd()).join('\n');
}

async function shows(page: Page, what: RegExp): Promise<void> {
  let seen = '';
  await until(async () => what.test((seen = await screenOf(page))), { what: String(what) }).catch((error: unknown) => {
    throw new Error(`${String(error)}; it shows ${seen}`, { cause: error });
  });
}

/** At a shell that is plain: its prompt is `ready> `. */
async function atShell(options: Parameters<typeof atUi>[3] = {}): Promise<UiVisitor> {
  const visitor = await atUi(browser, product, { ...who(), path: pathTo('box') }, options);
  await plainShell(visitor.page);
  return visitor;
}

async function plainShell(page: Page): Promise<void> {
  await page.getByText('Connected', { exact: true }).waitFor();
  await page.keyboard.type("exec env -i TERM=$TERM PS1='ready> ' HISTFILE= bash --norc --noprofile\n");
  await shows(page, /^ready> ?$/m);
}

async function run(page: Page, command: string): Promise<void> {
  await page.keyboard.type(`${command}\n`);
}

test('a shell in the whole window, whose size is that of the window, found again by a reload', async () => {
  const { page, complaints } = await atShell({ viewport: { width: 1_200, height: 800 } });
  expect(await page.title()).toBe(`${sshd.username}@box · Sallyport`);
  expect(await page.getByRole('navigation').count()).toBe(0);
  await run(page, 'stty size; kept=yes');
  await shows(page, /^\d+ \d+$/m);
  const [, rows, columns] = /^(\d+) (\d+)$/m.exec(await screenOf(page)) ?? [];
  await page.setViewportSize({ width: 800, height: 600 });
  await until(
    async () => {
      await run(page, 'clear; stty size');
      const [, lower, narrower] = /^(\d+) (\d+)$/m.exec(await screenOf(page)) ?? [];
      return Number(lower) < Number(rows) && Number(narrower) < Number(columns);
    },
    { what: 'a smaller size' },
  );
  expect(page.url()).toMatch(/\?session=/);
  await page.reload();
  await page.getByText('Connected', { exact: true }).waitFor();
  await run(page, 'echo still $kept');
  await shows(page, /^still yes$/m);
  expect((await product.json<unknown[]>(['sessions', 'list'])).length).toBe(1);
  await run(page, 'exit 3');
  await page.getByText('The session has ended').waitFor();
  await page.getByText('exit code 3').waitFor();
  expect(page.url()).not.toMatch(/session=/);
  await page.getByRole('button', { name: 'Connect again' }).click();
  await plainShell(page);
  expect(complaints).toEqual([]);
});

test('a lost network is told, and the session goes on at the byte where it was', async () => {
  const { page, context, complaints } = await atShell();
  await run(page, 'for i in $(seq 1 400); do echo line $i; sleep 0.01; done; echo all done');
  await shows(page, /line 20$/m);
  await context.setOffline(true);
  await page.getByText('Connection lost, trying again').waitFor();
  await expectNoBarriers(page, 'a terminal that is looked for');
  await context.setOffline(false);
  await page.getByText('Connected', { exact: true }).waitFor();
  await shows(page, /all done$/m);
  const last = (await screenOf(page)).split('\n').filter((line) => line.startsWith('line '));
  const numbers = last.map((line) => Number(line.slice(5)));
  expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
  await run(page, 'exit');
  await page.getByText('The session has ended').waitFor();
  expect(complaints.filter((one) => !one.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
});

test('an administrator’s end and its reason are told', async () => {
  const { page, complaints } = await atShell();
  const session = new URL(page.url()).searchParams.get('session') ?? '';
  await product.cli(['sessions', 'kill', session, '--message', 'maintenance at nine']);
  await page
    .getByText(/maintenance at nine/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: 'Connect again' }).waitFor();
  await expectNoBarriers(page, 'an ended terminal');
  expect(complaints).toEqual([]);
});

test('the way from my access, where a reason is asked for in the page', async () => {
  const { page: access, context, complaints } = await atUi(browser, product, who());
  await access.getByRole('button', { name: `Connect to ${sshd.username} on asking` }).click();
  const opening = context.waitForEvent('page');
  await access.getByRole('link', { name: 'Open a terminal' }).click();
  const page = await opening;
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.getByRole('heading', { name: 'Before the session opens' }).waitFor();
  await page.locator('input:focus').waitFor();
  await expectNoBarriers(page, 'a question');
  await page.keyboard.type('ticket 4711');
  await page.keyboard.press('Enter');
  await plainShell(page);
  const session = new URL(page.url()).searchParams.get('session') ?? '';
  expect((await product.cli(['sessions', 'show', session])).stdout).toContain('ticket 4711');
  expect(complaints).toEqual([]);
});

test('several lines are shown before they are pasted, and control characters are left out', async () => {
  const { page, context, complaints } = await atShell();
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const clipboard = async (text: string): Promise<void> =>
    await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await clipboard('echo one$((1))line');
  await page.keyboard.press('Control+Shift+V');
  await shows(page, /ready> echo one\$\(\(1\)\)line$/m);
  await page.keyboard.press('Enter');
  await shows(page, /^one1line$/m);
  await clipboard('echo first\nprintf "%s\\n" \u001b[201~sec$((1))ond\n');
  await page.keyboard.press('Control+Shift+V');
  const dialog = page.getByRole('dialog', { name: 'Paste this into the terminal?' });
  await dialog
    .getByText('2 lines: each line end may run what stands before it. Control or invisible characters are left out: 1.')
    .waitFor();
  await dialog.getByText('echo first↵').waitFor();
  await expectNoBarriers(page, 'the paste guard');
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
  expect(await screenOf(page)).not.toContain('echo first');
  await page.keyboard.press('Control+Shift+V');
  await dialog.getByRole('button', { name: 'Paste', exact: true }).click();
  await shows(page, /echo first/);
  await page.keyboard.press('Enter');
  await shows(page, /^\[201~sec1ond$/m);
  expect(complaints).toEqual([]);
});

test.each([
  [1440, 'light'],
  [390, 'dark'],
] as const)(
  'at %i pixels in %s colours: tools by keyboard, search, letters, screen reader',
  async (width, colorScheme) => {
    const { page, complaints } = await atShell({ viewport: { width, height: 900 }, colorScheme });
    await run(page, 'echo a needle; echo hay; echo a needle');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toContain('xterm-helper-textarea');
    await page.keyboard.press('Control+Shift+F');
    await page.getByLabel('Search in the terminal').fill('needle');
    await page.getByText(/^\d of [34]$/).waitFor();
    await expectNoBarriers(page, 'the search');
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.className')).toContain('xterm-helper-textarea');
    await page.keyboard.press('Control+Shift+L');
    await page.locator('button:focus', { hasText: 'Terminal' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: /Larger letters \(14 px\)/ }).click();
    await page.getByRole('menuitem', { name: /Larger letters \(16 px\)/ }).waitFor();
    await expectNoBarriers(page, 'the menu of the terminal');
    await page.getByRole('menuitem', { name: 'For a screen reader' }).click();
    await page.locator('.xterm-accessibility').first().waitFor({ state: 'attached' });
    await page.getByRole('menu').waitFor({ state: 'hidden' });
    await expectNoBarriers(page, 'with a screen reader');
    await expectFits(page, 'the terminal');
    expect(complaints).toEqual([]);
  },
);

test('what the screen answered is not answered again after a reload, and no key is the page’s', async () => {
  const { page, complaints } = await atShell();
  await run(page, "printf '\\033[c'; IFS= read -rs -d c answer; echo answered; cat -v");
  await shows(page, /^answered$/m);
  await page.reload();
  await page.getByText('Connected', { exact: true }).waitFor();
  await shows(page, /^answered$/m);
  await page.keyboard.press('Control+k');
  await run(page, 'typed');
  await shows(page, /^answered\n\^Ktyped\n\^Ktyped$/m);
  expect(await page.getByLabel('Go to a screen').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('a second tab takes a terminal over, and the first one takes it back when the person asks', async () => {
  const { page, context, complaints } = await atShell();
  const second = await context.newPage();
  await second.goto(page.url());
  await second.getByText('Connected', { exact: true }).waitFor();
  await page.getByText('This page has the terminal no more').waitFor();
  await run(second, 'echo from the second');
  await shows(second, /^from the second$/m);
  await page.getByRole('button', { name: 'Connect again' }).click();
  await shows(page, /^from the second$/m);
  await second.getByText('This page has the terminal no more').waitFor();
  await run(page, 'exit');
  await page.getByText('The session has ended').waitFor();
  expect(complaints).toEqual([]);
});

test('what runs is found again from another browser, and ended from there', async () => {
  const hers = { user: 'ann', password };
  const { page, context, complaints } = await atUi(browser, product, { ...hers, path: pathTo('box') });
  await plainShell(page);
  await run(page, 'left=behind');
  const elsewhere = await atUi(
    browser,
    product,
    { ...hers, path: '/ui/my/sessions' },
    { colorScheme: 'dark', viewport: { width: 390, height: 844 } },
  );
  const runs = elsewhere.page.getByRole('region', { name: 'A terminal of yours runs' });
  await runs.getByText('On a page').waitFor();
  await expectNoBarriers(elsewhere.page, 'a running terminal');
  await expectFits(elsewhere.page, 'a running terminal');
  await context.close();
  await elsewhere.open('/ui');
  await runs.getByText('Waits for you').waitFor();
  const [continued] = await Promise.all([
    elsewhere.context.waitForEvent('page'),
    runs.getByRole('link', { name: /^Continue/ }).click(),
  ]);
  await continued.getByText('Connected', { exact: true }).waitFor();
  await run(continued, 'echo still $left');
  await shows(continued, /^still behind$/m);
  await runs.getByRole('button', { name: /^End/ }).click();
  await elsewhere.page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
  await continued.getByText('The session has ended').waitFor();
  await runs.waitFor({ state: 'hidden' });
  expect([...complaints, ...elsewhere.complaints]).toEqual([]);
});

const script = [
  ['echo one', /^one$/m],
  ['read -s word; echo got', /got$/m],
  ['Canary-hunter2', /^got$/m],
  ['stty size', /^\d+ \d+$/m],
] as const;

/** What the recording of the newest session holds from the first prompt of the plain shell on. */
async function recorded(): Promise<{ readonly output: string; readonly others: readonly unknown[] }> {
  type Session = { readonly id: string; readonly endReason: string | null };
  const newest = async (): Promise<Session> =>
    (await product.json<Session[]>(['sessions', 'list'])).toSorted((a, b) => (a.id < b.id ? 1 : -1))[0]!;
  const { id } = await until(async () => ((await newest()).endReason === null ? undefined : await newest()), {
    what: 'the end of the session',
  });
  const { stdout } = await product.cli(['recordings', 'export', id, '--as', 'jsonl']);
  const records = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { kind: string; text?: string; base64?: string; data?: unknown });
  const output = records.filter(({ kind }) => kind === 'output').map(({ text, base64 }) => text ?? base64);
  const others = records.filter(({ kind }) => kind !== 'output').map((record) => ({ ...record, at: null }));
  return { output: output.join('').replace(/^[^]*?ready> '/, ''), others };
}

test('the native client and the page leave the same record of the same script', async () => {
  const { page, complaints } = await atShell();
  await run(page, 'clear; stty size');
  await shows(page, /^\d+ \d+$/m);
  const [, rows, columns] = /^(\d+) (\d+)$/m.exec(await screenOf(page)) ?? [];
  for (const [line, seen] of script) {
    await run(page, line);
    await shows(page, seen);
    await shows(page, line.startsWith('read') ? /got\n+$/ : /ready>\n*$/);
  }
  await run(page, 'exit');
  await page.getByText('The session has ended').waitFor();
  const browsers = await recorded();

  const token = await product.json<Token>(['token', 'create']);
  const { command, env } = sshCommand(product, 'admin~box', token.secret, ['-tt', '-o', 'SendEnv=-*']);
  const size = { columns: Number(columns), rows: Number(rows) };
  const native = startTerminal('sshpass', command, { ...size, env: { ...env, TERM: 'xterm-256color' } });
  await native.shows(/[$#] $/);
  const lines = ["exec env -i TERM=$TERM PS1='ready> ' HISTFILE= bash --norc --noprofile", 'clear; stty size'];
  for (const line of [...lines, ...script.map(([one]) => one)]) {
    const from = native.output().length;
    native.type(`${line}\r`);
    await native.shows(line.startsWith('read') ? 'got\r\n\u001b[?2004l\r' : /ready> $/, from);
  }
  native.type('exit\r');
  await native.exited;
  const natives = await recorded();
  expect(browsers).toEqual(natives);
  expect(JSON.stringify(browsers)).toContain('echo one');
  expect(JSON.stringify(browsers)).not.toContain('hunter2');
  expect(complaints).toEqual([]);
});
