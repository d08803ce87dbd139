import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { build } from 'vite';
import { makeTempDir } from '../../kit/temp-dir.ts';

const part = join(import.meta.dirname, '../../../web/src/parts/terminal-screen.ts');
let browser: Browser;
let server: Server;
let remove = (): void => undefined;

beforeAll(async () => {
  const folder = makeTempDir();
  remove = folder.remove;
  await writeFile(
    join(folder.path, 'page.js'),
    `import { newTerminalScreen } from ${JSON.stringify(part)}; Object.assign(globalThis, { newTerminalScreen });`,
  );
  await build({
    root: folder.path,
    configFile: false,
    logLevel: 'warn',
    build: {
      outDir: join(folder.path, 'dist'),
      lib: { entry: 'page.js', formats: ['es'], fileName: () => 'page.js', cssFileName: 'page' },
    },
  });
  server = createServer(({ url }, answer) => {
    if (url === '/page.js') answer.setHeader('content-type', 'text/javascript');
    else if (url === '/page.css') answer.setHeader('content-type', 'text/css');
    else {
      answer.setHeader('content-type', 'text/html');
      answer.setHeader(
        'content-security-policy',
        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-of-this-answer'",
      );
    }
    answer.end(url === '/' ? html : readFileSync(join(folder.path, 'dist', url ?? '')));
  }).listen(0, '127.0.0.1');
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
});
afterAll(async () => {
  await browser.close();
  server.close();
  remove();
});

const html = `<!doctype html><meta property="csp-nonce" nonce="of-this-answer"><title>as it was</title>
<link rel="stylesheet" href="/page.css"><div id="screen"></div><script type="module" src="/page.js"></script>`;

interface Shown {
  readonly page: Page;
  readonly complaints: string[];
  /** Gives it to the terminal and waits until it is drawn. */
  write(text: string): Promise<void>;
}

async function show(): Promise<Shown> {
  const context = await browser.newContext();
  onTestFinished(async () => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`);
  await page.evaluate(`globalThis.answers = []; globalThis.opened = [];
    globalThis.open = (...given) => opened.push(given); globalThis.confirm = () => { opened.push('asked'); return true; };
    globalThis.terminal = newTerminalScreen(document.getElementById('screen'), { cols: 60, rows: 8 });
    terminal.onData((text) => answers.push(text));`);
  return {
    page,
    complaints,
    write: async (text) => {
      await page.evaluate(
        `new Promise((resolve) => terminal.write(${JSON.stringify(text)}, () => requestAnimationFrame(() => requestAnimationFrame(resolve))))`,
      );
    },
  };
}

const styleOf = async (page: Page, text: string): Promise<{ color: string; background: string; height: number }> =>
  page.evaluate(`(() => {
    const cell = [...document.querySelectorAll('.xterm-rows span')].find((one) => one.textContent.includes(${JSON.stringify(text)}));
    const style = getComputedStyle(cell);
    return { color: style.color, background: style.backgroundColor, height: cell.getBoundingClientRect().height };
  })()`);

test('a terminal under the policy of the pages has its colours, and the policy is not broken', async () => {
  const { page, complaints, write } = await show();
  await write('\x1b[38;2;10;200;30;48;2;1;2;3mreal\x1b[0m \x1b[31mred\x1b[0m \x1b[1mbold\x1b[0m');
  await page.locator('.xterm-rows', { hasText: 'real' }).waitFor();
  expect(await styleOf(page, 'real')).toMatchObject({ color: 'rgb(10, 200, 30)', background: 'rgb(1, 2, 3)' });
  expect((await styleOf(page, 'red')).color).not.toBe((await styleOf(page, 'bold')).color);
  expect((await styleOf(page, 'real')).height).toBeGreaterThan(10);
  // Scrolled, searched and made larger: the styles that are made later.
  await write('\r\n'.repeat(30));
  await page.evaluate('terminal.resize(90, 12); terminal.options.fontSize = 18; terminal.scrollToTop()');
  await write('wide 汉字');
  await page.evaluate('terminal.dispose()');
  expect(await page.evaluate('Object.hasOwn(document, "createElement")')).toBe(false);
  expect(complaints).toEqual([]);
});

test('text in the colour of its ground can be read', async () => {
  const { page, write } = await show();
  await write('\x1b[38;2;16;24;28mhidden\x1b[0m');
  await page.locator('.xterm-rows', { hasText: 'hidden' }).waitFor();
  expect((await styleOf(page, 'hidden')).color).not.toBe('rgb(16, 24, 28)');
});

test.each([
  ['a title', '\x1b]0;owned\x07\x1b]2;owned\x1b\\'],
  ['the clipboard', '\x1b]52;c;b3duZWQ=\x07\x1b]52;c;?\x07'],
  ['colours, and questions for them', '\x1b]10;#10181c\x07\x1b]11;?\x07\x1b]4;1;?\x07\x1b]104\x07'],
  ['a question whose answer holds its text', '\x1bP$q"p\x1b\\\x1bP$qm\r\nrm -rf\r\n\x1b\\'],
  ['the title as an answer', '\x1b]2;rm\x07\x1b[21t\x1b[14t\x1b[18t'],
])('output that sends %s does nothing', async (_, text) => {
  const { page, complaints, write } = await show();
  await write(`${text}after it`);
  await page.locator('.xterm-rows', { hasText: 'after it' }).waitFor();
  expect(await page.title()).toBe('as it was');
  expect(await page.evaluate('answers')).toEqual([]);
  expect((await styleOf(page, 'after it')).color).toBe('rgb(228, 234, 238)');
  expect(complaints).toEqual([]);
});

test('a link of the output is text', async () => {
  const { page, write } = await show();
  await write('\x1b]8;;https://evil.example/\x1b\\go here\x1b]8;;\x1b\\');
  await page.locator('.xterm-screen').click({ position: { x: 20, y: 8 } });
  await page.locator('.xterm-screen').click({ position: { x: 24, y: 8 }, modifiers: ['Control'] });
  expect(await page.locator('.xterm-underline-5, .xterm-underline-1').count()).toBe(0);
  expect(await page.evaluate('opened')).toEqual([]);
});
