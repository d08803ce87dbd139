import { onTestFinished, expect } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Product } from '../product.ts';

/** A person at a browser of their own. */
export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Opens a page of the product. */
  open(path: string): Promise<void>;
  /** Name and password at the login page, on the way to the account page. */
  logIn(user: string, password: string): Promise<void>;
}

export const originOf = ({ webPort }: Pick<Product, 'webPort'>): string => `https://localhost:${String(webPort)}`;

/** Without scripts unless told: everything but security keys has to work like that. Closed when the test has ended. */
export async function newVisitor(
  browser: Browser,
  product: Product,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Visitor> {
  const context = await browser.newContext({ javaScriptEnabled: false, ...options });
  onTestFinished(async () => context.close());
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const open = async (path: string): Promise<void> => {
    const address = `${originOf(product)}${path}`;
    // A page that was about to go somewhere by itself, after a form, can call off the first try.
    await page.goto(address).catch(async (error: unknown) => {
      if (!String(error).includes('ERR_ABORTED')) throw error;
      await page.goto(address);
    });
  };
  return {
    context,
    page,
    open,
    logIn: async (user, password) => {
      await open('/auth/login?to=account');
      await page.getByLabel('User name').fill(user);
      await page.getByLabel('Password').fill(password);
      await page.getByRole('button', { name: 'Log in', exact: true }).click();
    },
  };
}

/** Waits until the browser shows this page. */
export async function arrive({ page }: Visitor, path: string): Promise<void> {
  await page.waitForURL((url) => url.pathname === path, { timeout: 30_000 });
}

export async function press({ page }: Visitor, button: string): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).click();
}

/** Opens the part of the account page that is folded under this text. */
export async function unfold({ page }: Visitor, summary: string | RegExp): Promise<void> {
  await page.locator('summary', { hasText: summary }).first().click();
}

export async function signOut({ page }: Visitor): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
}

/** What every page keeps: one heading, a label for each field, nothing wider than the screen. */
export async function expectSoundPage({ page }: Visitor): Promise<void> {
  expect(await page.locator('h1').count()).toBe(1);
  for (const field of await page.locator('input:not([type=hidden]), select').all()) {
    const id = (await field.getAttribute('id')) ?? '';
    expect(await page.locator(`label[for="${id}"]`).count(), `a label for the field "${id}"`).toBe(1);
  }
  const screen = page.viewportSize()?.width ?? 0;
  for (const part of await page
    .locator('header, main, main h1, main .card, main input, main button, main code')
    .all()) {
    const box = await part.boundingBox();
    if (box !== null) expect(box.x + box.width).toBeLessThanOrEqual(screen);
  }
}
