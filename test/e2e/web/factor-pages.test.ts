import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appCode } from '../../kit/authenticator-app.ts';
import { startChromium, virtualAuthenticator } from '../../kit/chromium.ts';
import { logIn } from '../person.ts';
import { launchProduct, type Product } from '../product.ts';
import { arrive, expectSoundPage, newVisitor, press, signOut, unfold } from './browser-kit.ts';

let product: Product;
let browser: Browser;
const password = 'a meadow full of quiet engines';

beforeAll(async () => {
  product = await launchProduct({ cut: null });
  browser = await startChromium([product.webPort]);
  const users = ['cleo', 'dora'].map(
    (name) => `
apiVersion: sallyport/v1
kind: User
metadata: {name: ${name}}
spec: {password: "${password}"}
`,
  );
  await (await logIn(product)).apply(users.join('---'));
});
afterAll(async () => {
  await browser.close();
  await product.stop();
});

test('an authenticator app is enrolled, asked for, and removed, without scripts; a code works once', async () => {
  const cleo = await newVisitor(browser, product);
  await cleo.logIn('cleo', password);
  await arrive(cleo, '/auth/account');
  await unfold(cleo, 'authenticator app');
  await cleo.page.locator('#label-totp').fill('my <phone>');
  await cleo.page.locator('form[action="/auth/account/totp"] button').click();
  await expectSoundPage(cleo);
  const key = ((await cleo.page.locator('.secret').textContent()) ?? '').replaceAll(' ', '');
  await cleo.page.getByLabel('The six digits').fill('12345');
  await press(cleo, 'Enrol');
  expect(await cleo.page.getByRole('alert').count()).toBe(1);
  await cleo.page.getByLabel('The six digits').fill(appCode(key, Date.now()));
  await press(cleo, 'Enrol');
  await arrive(cleo, '/auth/account');
  expect(await cleo.page.getByText('my <phone>').first().isVisible()).toBe(true);

  const again = await newVisitor(browser, product);
  await again.logIn('cleo', password);
  await arrive(again, '/auth/step');
  await expectSoundPage(again);
  expect((await again.context.cookies()).map(({ name }) => name)).toEqual(['__Host-sallyport-pending']);
  // The next one: that of this moment was used to enrol.
  const code = appCode(key, Date.now(), 1);
  await again.page.getByLabel('Six digits').fill(`${code.slice(0, 3)} ${code.slice(3)}`);
  await press(again, 'Continue');
  await arrive(again, '/auth/account');

  const replayed = await newVisitor(browser, product);
  await replayed.logIn('cleo', password);
  await arrive(replayed, '/auth/step');
  await replayed.page.getByLabel('Six digits').fill(code);
  await press(replayed, 'Continue');
  expect(await replayed.page.getByRole('alert').count()).toBe(1);
  expect(await replayed.context.cookies()).toEqual([]);

  await unfold(again, 'Remove');
  await again.page.locator('form[action="/auth/account/remove-factor"] button').click();
  await replayed.logIn('cleo', password);
  await arrive(replayed, '/auth/account');
});

test('a security key is enrolled and asked for; a recovery code stands in for it, once', async () => {
  const dora = await newVisitor(browser, product, { javaScriptEnabled: true });
  await virtualAuthenticator(dora.context, dora.page);
  await dora.logIn('dora', password);
  await arrive(dora, '/auth/account');
  await unfold(dora, 'security key');
  await dora.page.locator('#label-webauthn').fill('the key on my ring');
  await dora.page.locator('form[action="/auth/account/webauthn"] button').click();
  await arrive(dora, '/auth/account');
  expect(await dora.page.getByText('the key on my ring').first().isVisible()).toBe(true);
  await unfold(dora, 'recovery codes');
  await press(dora, 'Show ten codes');
  // The login was opened by the password alone, and there is a factor now: it is shown first.
  await arrive(dora, '/auth/step');
  await expectSoundPage(dora);
  await press(dora, 'Use it now');
  await arrive(dora, '/auth/account/factor');
  await expectSoundPage(dora);
  await press(dora, 'Show ten recovery codes');
  const codes = await dora.page.locator('.codes li').allTextContents();
  expect(new Set(codes).size).toBe(10);
  await dora.open('/auth/account');
  await signOut(dora);

  await dora.logIn('dora', password);
  await arrive(dora, '/auth/step');
  await press(dora, 'Use it now');
  await arrive(dora, '/auth/account');
  expect(await dora.page.getByText('by password and security key').count()).toBe(1);

  const lost = await newVisitor(browser, product);
  for (const works of [true, false]) {
    await lost.logIn('dora', password);
    await arrive(lost, '/auth/step');
    await expectSoundPage(lost);
    await lost.page.getByLabel('Recovery code').fill(codes[3]!);
    await lost.page
      .locator('form', { has: lost.page.getByLabel('Recovery code') })
      .getByRole('button')
      .click();
    if (works) await arrive(lost, '/auth/account');
    else expect(await lost.page.getByRole('alert').count()).toBe(1);
  }

  // Where scripts are off the page says so.
  await lost.logIn('dora', password);
  await arrive(lost, '/auth/step');
  await press(lost, 'Use it now');
  expect(await lost.page.locator('main').textContent()).toContain('Security keys need JavaScript');
});
