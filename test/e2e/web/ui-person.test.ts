import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChromium } from '../../kit/chromium.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { logIn, type Person } from '../person.ts';
import { launchProduct, type Product, ssh, sshdResources } from '../product.ts';
import { atUi, expectNoBarriers, type UiVisitor } from './ui-kit.ts';

let product: Product;
let sshd: Sshd;
let browser: Browser;
let admin: Person;
const password = 'a meadow full of quiet engines';

const user = (name: string): string => `
apiVersion: sallyport/v1
kind: User
metadata: {name: ${name}}
spec: {password: "${password}"}
`;

beforeAll(async () => {
  [product, sshd] = await Promise.all([launchProduct({ cut: null }), launchSshd()]);
  browser = await startChromium([product.webPort]);
  admin = await logIn(product);
  const closed = ', conditions: [office]';
  await admin.apply(
    [
      user('ann'),
      user('bea'),
      sshdResources(sshd, 'web-1'),
      `
apiVersion: sallyport/v1
kind: Condition
metadata: {name: office}
spec: {expression: 'claims.system.local.hour > 99', remedy: {kind: message, text: "only in <b>office</b> hours"}}
`,
      sshdResources(sshd, 'db-1', closed),
    ].join('---'),
  );
});
afterAll(async () => {
  await browser.close();
  await product.stop();
  await sshd.stop();
});

const at = (who: string, path: string, options = {}): Promise<UiVisitor> =>
  atUi(browser, product, { user: who, password, path }, options);

const dialog = (page: Page) => page.getByRole('dialog');

test('what is reachable is found, starred and connected to; what is not says why', async () => {
  const { page, complaints } = await at('ann', '/ui');
  await page
    .getByRole('row', { name: /db-1/ })
    .getByText('only in <b>office</b> hours')
    .filter({ visible: true })
    .waitFor();
  await page.getByRole('button', { name: /Why not .* on db-1/ }).click();
  await dialog(page).getByText('ask an administrator.').waitFor();
  await expectNoBarriers(page, 'why not');
  await page.keyboard.press('Escape');
  await page.getByLabel('Search names').fill('WEB');
  await page.getByRole('row', { name: /db-1/ }).waitFor({ state: 'hidden' });
  expect(new URL(page.url()).searchParams.get('q')).toBe('WEB');
  await page.getByRole('button', { name: /Favourite: .* on web-1/ }).click();
  await page.getByRole('tab', { name: 'Favourites' }).click();
  await page.getByRole('row', { name: /web-1/ }).waitFor();
  await expectNoBarriers(page, 'favourites');
  await page.getByRole('button', { name: /Connect to .* on web-1/ }).click();
  const drawer = dialog(page);
  const link = drawer.getByRole('link', { name: 'Open a terminal' });
  expect(await link.getAttribute('href')).toBe(`/ui/terminal/web-1/${sshd.username}`);
  await drawer.getByRole('tab', { name: 'OpenSSH' }).click();
  await drawer.getByText(`ssh -p ${String(product.sshPort)} ann~${sshd.username}~web-1@localhost`).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    drawer.getByRole('button', { name: /^Download: / }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('config');
  await drawer.getByRole('button', { name: 'Make a token' }).click();
  await drawer.getByRole('tab', { name: 'PuTTY' }).click();
  await drawer.getByRole('button', { name: 'Show the token' }).click();
  const secret = (await drawer.getByText(/^spt_/).textContent()) ?? '';
  await expectNoBarriers(page, 'the drawer');
  expect((await ssh(product, 'ann~web-1', secret, ['echo', 'in'])).stdout).toBe('in\n');
  // The drawer is an address of its own, and Back closes it.
  await page.reload();
  await drawer.getByRole('tab', { name: 'PuTTY', selected: true }).waitFor();
  expect(await page.content()).not.toContain(secret);
  await page.getByRole('button', { name: 'Close' }).click();
  await drawer.waitFor({ state: 'hidden' });
  await page.getByRole('tab', { name: 'Recent' }).click();
  await page.getByRole('row', { name: /web-1.*just now/ }).waitFor();
  expect(complaints).toEqual([]);
});
