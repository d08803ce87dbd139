import type { Browser } from 'playwright-core';
import { startChromium } from '../../../kit/chromium.ts';
import { launchSshd, type Sshd } from '../../../kit/openssh.ts';
import { launchPostgresServer, type PostgresServer } from '../../../kit/postgres-server.ts';
import { launchProduct, type Product } from '../../product.ts';
import { newUiVisitor, type UiVisitor } from '../ui-kit.ts';
import { type Hands, keyboard } from './hands.ts';
import type { PictureBook } from './picture-book.ts';

/** An empty installation, a browser, and the servers that the administrator will declare. */
export interface Place {
  readonly product: Product;
  /** Becomes the target `web-1`. */
  readonly sshd: Sshd;
  /** Becomes the target `db-1`. */
  readonly postgres: PostgresServer;
  readonly browser: Browser;
  stop(): Promise<void>;
}

/** Where a day takes place, and how the person works. */
export interface World extends Omit<Place, 'stop'> {
  readonly hands: Hands;
  readonly book: PictureBook;
}

/** The password that the administrator gives `ann` and `otto`. */
export const password = 'a meadow full of quiet engines';

export async function preparePlace(): Promise<Place> {
  const [product, sshd, postgres] = await Promise.all([
    launchProduct({ cut: null }),
    launchSshd(),
    launchPostgresServer(),
  ]);
  const browser = await startChromium([product.webPort]);
  const stop = async (): Promise<void> => {
    await browser.close();
    await product.stop();
    await sshd.stop();
    await postgres.stop();
  };
  return { product, sshd, postgres, browser, stop };
}

/** Somebody opens a page of the UI, logs in with their own hands, and is there. By keyboard: in dark colours, on a smaller screen. */
export async function arrive(
  { product, browser, hands }: World,
  who: { readonly user: string; readonly password: string; readonly path?: string },
): Promise<UiVisitor> {
  const isKeyboard = hands === keyboard;
  const visitor = await newUiVisitor(browser, product, {
    viewport: isKeyboard ? { width: 1_024, height: 768 } : { width: 1_280, height: 800 },
    colorScheme: isKeyboard ? 'dark' : 'light',
    locale: 'en-GB',
    timezoneId: 'UTC',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const { page } = visitor;
  const path = who.path ?? '/ui';
  await visitor.open(path);
  await hands.fill(page.getByLabel('User name'), who.user);
  await hands.fill(page.getByLabel('Password'), who.password);
  await hands.press(page.getByRole('button', { name: 'Log in', exact: true }));
  await page.waitForURL((url) => url.pathname + url.search === path);
  await page.getByRole('main').getByRole('heading').first().waitFor();
  return visitor;
}
