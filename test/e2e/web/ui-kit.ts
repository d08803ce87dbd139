import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import type { Product } from '../product.ts';
import { newVisitor, type Visitor } from './browser-kit.ts';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A person at the web UI, and everything that the browser complained of. */
export interface UiVisitor extends Visitor {
  /** Errors of the console, uncaught errors and breaches of the Content-Security-Policy. */
  readonly complaints: string[];
}

/** Somebody at a browser with nothing open yet. */
export async function newUiVisitor(
  browser: Browser,
  product: Product,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<UiVisitor> {
  const visitor = await newVisitor(browser, product, {
    javaScriptEnabled: true,
    // What fades in has its colours at once.
    reducedMotion: 'reduce',
    ...options,
  });
  const complaints: string[] = [];
  visitor.page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  visitor.page.on('pageerror', (error) => complaints.push(String(error)));
  return { ...visitor, complaints };
}

/** Logs in through the login page and arrives at `path` of the UI. */
export async function atUi(
  browser: Browser,
  product: Product,
  who: { readonly user: string; readonly password: string; readonly path?: string },
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<UiVisitor> {
  const visitor = await newUiVisitor(browser, product, options);
  const { page } = visitor;
  const path = who.path ?? '/ui';
  await visitor.open(path);
  await page.getByLabel('User name').fill(who.user);
  await page.getByLabel('Password').fill(who.password);
  await page.getByRole('button', { name: 'Log in', exact: true }).click();
  await page.waitForURL((url) => url.pathname + url.search === path);
  await page.getByRole('main').getByRole('heading').first().waitFor();
  return visitor;
}

/** WCAG 2.2 AA as far as axe sees it, with its best practices. Names what is wrong and where. */
export async function expectNoBarriers(page: Page, where: string): Promise<void> {
  // Through the debugger, which the policy of the page does not bind; once a document.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(axeSource);
  const found = await page.evaluate<string[]>(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
      id + ': ' + nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | ')))`,
  );
  expect(found, where).toEqual([]);
}

/** Nothing sticks out at the side of the window. */
export async function expectFits(page: Page, where: string): Promise<void> {
  const [wide = 0, window = 0] = await page.evaluate<number[]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  );
  expect(wide, where).toBeLessThanOrEqual(window);
}
