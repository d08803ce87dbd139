import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChromium } from '../../kit/chromium.ts';
import { launchProduct, type Product } from '../product.ts';
import { atUi, expectFits, expectNoBarriers } from './ui-kit.ts';

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

const admin = (): { user: string; password: string } => ({ user: 'admin', password: product.adminPassword });

test.each([
  [1440, 'light'],
  [1440, 'dark'],
  [390, 'light'],
  [390, 'dark'],
] as const)('at %i pixels in %s colours nothing is in anybody’s way', async (width, colorScheme) => {
  const { page, complaints } = await atUi(browser, product, admin(), {
    viewport: { width, height: 900 },
    colorScheme,
  });
  await page.getByRole('heading', { name: 'My access', level: 1 }).waitFor();
  await page.getByText('Nothing is open to you yet').waitFor();
  await expectNoBarriers(page, 'my access');
  await expectFits(page, 'my access');
  await page.getByRole('button', { name: 'Your menu, admin' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
  await expectNoBarriers(page, 'the menu of the person');
  expect(complaints).toEqual([]);
});

test('by keyboard alone: the palette, the menu, and out', async () => {
  const { page, complaints } = await atUi(browser, product, admin());
  await page.keyboard.press('Tab');
  expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  expect(await page.locator(':focus').getAttribute('id')).toBe('main');
  await page.keyboard.press('Control+k');
  // It takes the focus once it has come in: what is typed before goes nowhere.
  await page.locator('input[aria-label="Go to a screen"]:focus').waitFor();
  await expectNoBarriers(page, 'the palette');
  await page.keyboard.type('my acc');
  await page.keyboard.press('Enter');
  await page.getByLabel('Go to a screen').waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: 'Your menu, admin' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Account and providers' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.locator('[role=menuitem]:focus').waitFor();
  await page.keyboard.press('End');
  await page.locator('[role=menuitem]:focus', { hasText: 'Sign out' }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/auth/login');
  await page.getByText('You are signed out.').waitFor();
  expect(complaints).toEqual([]);
});

test('an address that is no screen says so, and a login that ended leads to the login page and back', async () => {
  const { page, context, open } = await atUi(browser, product, { ...admin(), path: '/ui/nowhere?x=1' });
  await page.getByText('There is no such screen').waitFor();
  await open('/ui/?protocol=ssh');
  await page.getByRole('heading', { name: 'My access', level: 1 }).waitFor();
  expect(page.url()).toMatch(/\/ui\?protocol=ssh$/);
  await context.clearCookies();
  await open('/ui?after=zz');
  expect(new URL(page.url()).searchParams.get('to')).toBe('/ui?after=zz');
});
