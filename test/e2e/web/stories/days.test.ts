import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { startChromium } from '../../../kit/chromium.ts';
import { launchSshd, type Sshd } from '../../../kit/openssh.ts';
import { launchProduct, type Product } from '../../product.ts';
import { adminDay } from './admin-day.ts';
import { keyboard, pointer } from './hands.ts';
import { newPictureBook } from './picture-book.ts';

describe.each([
  ['pointer', pointer],
  ['keyboard', keyboard],
] as const)('with the %s, from an empty installation', (way, hands) => {
  let product: Product;
  let sshd: Sshd;
  let browser: Browser;
  beforeAll(async () => {
    [product, sshd] = await Promise.all([launchProduct({ cut: null }), launchSshd()]);
    browser = await startChromium([product.webPort]);
  });
  afterAll(async () => {
    await browser.close();
    await product.stop();
    await sshd.stop();
  });

  test('the day of an administrator', async () => {
    await adminDay({ product, sshd, browser, hands, book: newPictureBook(`admin-${way}`) });
  });
});
