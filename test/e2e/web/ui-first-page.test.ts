import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChromium } from '../../kit/chromium.ts';
import { watchScripts } from '../../kit/script-traffic.ts';
import { until } from '../../kit/until.ts';
import { launchProduct, type Product } from '../product.ts';
import { newUiVisitor } from './ui-kit.ts';

let product: Product;
let browser: Browser;

beforeAll(async () => {
  product = await launchProduct({ cut: null });
  browser = await startChromium([product.webPort]);
});
afterAll(async () => {
  await browser.close();
  await product.stop();
});

test('the first page loads nothing of the terminal and the player; the terminal comes with its page', async () => {
  const { page, open, logIn } = await newUiVisitor(browser, product);
  await logIn('admin', product.adminPassword);
  await page.waitForURL((url) => url.pathname === '/auth/account');
  const scripts = await watchScripts(page);
  const heavy = (): readonly string[] =>
    scripts.map(({ name }) => name).filter((name) => /terminal|player|xterm/.test(name));
  await open('/ui');
  await page.getByText('Nothing is open to you yet').waitFor();
  await page.waitForLoadState('networkidle');
  const loaded = (name: string) => (): boolean => scripts.some((script) => script.name === name);
  await until(loaded('my-access'), { what: 'the script of the screen' });
  expect(heavy()).toEqual([]);
  await open('/ui/terminal/web-1/root');
  await until(loaded('terminal-screen'), { what: 'the script of the terminal' });
});
