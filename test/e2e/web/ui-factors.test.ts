import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Api } from '../../../src/client/api.ts';
import { appCode } from '../../kit/authenticator-app.ts';
import { startChromium } from '../../kit/chromium.ts';
import { installationOf, logIn } from '../person.ts';
import { launchProduct, type Product } from '../product.ts';
import { atUi, expectFits, expectNoBarriers } from './ui-kit.ts';

let product: Product;
let browser: Browser;
const password = 'a meadow full of quiet engines';

beforeAll(async () => {
  product = await launchProduct({ cut: null });
  browser = await startChromium([product.webPort]);
  const admin = await logIn(product);
  await admin.apply(
    `apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {password: "${password}"}\n---\n` +
      `apiVersion: sallyport/v1\nkind: User\nmetadata: {name: bob}\nspec: {password: "${password}", roles: [admin]}\n---\n` +
      `apiVersion: sallyport/v1\nkind: FactorProvider\nmetadata: {name: app}\nspec: {type: totp, atLogin: 'false'}\n`,
  );
});
afterAll(async () => {
  await browser.close();
  await product.stop();
});

/** Gives somebody an authenticator app; gives its key. */
async function withApp(user: string, label: string): Promise<string> {
  const api = new Api(installationOf(product), (await logIn(product, user, password)).bearer);
  const begun = await api.rest<{ secret: string; sealed: string }>('POST', '/auth/factors/totp', { label });
  const code = appCode(begun.secret, Date.now());
  await api.rest('POST', '/auth/factors/totp/finish', { sealed: begun.sealed, code });
  return begun.secret;
}

test('an administrator sees the factors of a person, makes recovery codes and removes a lost one', async () => {
  await withApp('alice', 'phone of <b>alice</b>');
  const path = '/ui/admin/users/one?name=alice&tab=passes';
  const who = { user: 'admin', password: product.adminPassword, path };
  const { page, complaints } = await atUi(browser, product, who);
  const table = page.getByRole('table', { name: 'Second factors of alice' });
  await table.getByText('phone of <b>alice</b>').waitFor();
  await table.getByText('never').waitFor();
  await page.getByRole('button', { name: 'Make recovery codes' }).click();
  const dialog = page.getByRole('dialog');
  await expectNoBarriers(page, 'what recovery codes are');
  await dialog.getByRole('button', { name: 'Make recovery codes' }).click();
  const codes = page.getByRole('status').filter({ hasText: 'Ten recovery codes for alice' });
  await codes.waitFor();
  expect((await codes.textContent())?.match(/[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/g)).toHaveLength(10);
  await table.getByText('10 left').waitFor();
  await dialog.waitFor({ state: 'hidden' });
  await expectNoBarriers(page, 'recovery codes');
  await page.getByRole('button', { name: 'I have them' }).click();
  await codes.waitFor({ state: 'hidden' });

  await page.getByRole('button', { name: 'Remove the factor phone of <b>alice</b>' }).click();
  await dialog.getByText('One other stays.').waitFor();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await table.getByText('phone of <b>alice</b>').waitFor({ state: 'hidden' });
  const removed = await product.cli(['audit', 'events', '--format', 'json', '--type', 'FactorRemoved']);
  expect(removed.stdout).toContain('"administrator"');
  const { stdout } = await product.cli(['factor', 'list', '--user', 'alice']);
  expect(stdout).toContain('recovery');
  expect(complaints).toEqual([]);
});

test('an administrator who has a factor shows it first, on a narrow screen too', async () => {
  const secret = await withApp('bob', 'app');
  const path = '/ui/admin/users/one?name=bob&tab=passes';
  const who = { user: 'bob', password, path: '/ui' };
  const { page, open, complaints } = await atUi(browser, product, who, { viewport: { width: 390, height: 844 } });
  await open(path);
  await page.getByRole('button', { name: 'Remove the factor app' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('It is the only one').waitFor();
  await dialog.getByRole('button', { name: 'Remove' }).click();
  const digits = dialog.getByLabel('Six digits from your authenticator app');
  await digits.waitFor();
  await expectNoBarriers(page, 'the own factor');
  await expectFits(page, 'the own factor');
  // That of this moment was used to enrol.
  await digits.fill(appCode(secret, Date.now(), 1));
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('None: a password').waitFor();
  expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);
});
