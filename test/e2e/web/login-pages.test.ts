import type { Browser, Cookie } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exchange } from '../../../src/client/http.ts';
import { findInstallation } from '../../../src/client/installation.ts';
import { startChromium } from '../../kit/chromium.ts';
import { logIn, type Person } from '../person.ts';
import { launchProduct, type Product } from '../product.ts';
import { arrive, expectSoundPage, newVisitor, originOf, press, signOut, unfold, type Visitor } from './browser-kit.ts';

let product: Product;
let browser: Browser;
let admin: Person;
const password = 'a meadow full of quiet engines';

beforeAll(async () => {
  product = await launchProduct({ cut: null });
  browser = await startChromium([product.webPort]);
  admin = await logIn(product);
  const users = ['ann', 'bea', 'eve', 'flo', 'gus'].map(
    (name) => `
apiVersion: sallyport/v1
kind: User
metadata: {name: ${name}}
spec: {password: "${password}", mustChange: ${String(name === 'bea' || name === 'gus')}}
`,
  );
  await admin.apply(users.join('---'));
});
afterAll(async () => {
  await browser.close();
  await product.stop();
});

const cookiesOf = async ({ context }: Visitor): Promise<ReadonlyMap<string, Cookie>> =>
  new Map((await context.cookies()).map((cookie) => [cookie.name, cookie]));

const choose = async (who: Visitor, first: string, second = first): Promise<void> => {
  await who.page.getByLabel('New password').fill(first);
  await who.page.getByLabel('The same once more').fill(second);
  await press(who, 'Set the password');
};

describe('without scripts', () => {
  test('somebody logs in, sees their account, and signs out', async () => {
    const ann = await newVisitor(browser, product);
    await ann.open('/auth/account');
    await arrive(ann, '/auth/login');
    await expectSoundPage(ann);
    await ann.logIn('ann', 'not this one');
    expect(await ann.page.getByRole('alert').textContent()).toContain('wrong');
    expect(await ann.page.getByLabel('User name').inputValue()).toBe('ann');
    await expectSoundPage(ann);

    await ann.page.getByLabel('Password').fill(password);
    await ann.page.keyboard.press('Enter');
    await arrive(ann, '/auth/account');
    const cookies = await cookiesOf(ann);
    expect([...cookies.keys()]).toEqual(['__Host-sallyport']);
    const cookie = cookies.get('__Host-sallyport')!;
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', expires: -1 });
    await expectSoundPage(ann);

    await signOut(ann);
    await arrive(ann, '/auth/login');
    expect((await cookiesOf(ann)).size).toBe(0);
    // The login has ended, not the cookie alone.
    await ann.context.addCookies([cookie]);
    await ann.open('/auth/account');
    await arrive(ann, '/auth/login');
  });

  test('a login is a new secret, whatever the browser had before (A7)', async () => {
    const ann = await newVisitor(browser, product);
    await ann.logIn('ann', password);
    await arrive(ann, '/auth/account');
    const first = (await cookiesOf(ann)).get('__Host-sallyport')?.value;
    await ann.logIn('ann', password);
    await arrive(ann, '/auth/account');
    expect((await cookiesOf(ann)).get('__Host-sallyport')?.value).not.toBe(first);
  });

  test('a password that must be changed is changed, and logs in', async () => {
    const bea = await newVisitor(browser, product);
    await bea.logIn('bea', password);
    await arrive(bea, '/auth/new-password');
    await expectSoundPage(bea);
    await choose(bea, 'one of two words', 'two of one word');
    expect(await bea.page.getByRole('alert').textContent()).toContain('not the same');
    await choose(bea, 'password1234');
    expect(await bea.page.getByRole('alert').textContent()).toContain('guessed first');
    await choose(bea, 'wool over seven rivers');
    await arrive(bea, '/auth/login');
    expect(await bea.page.getByRole('status').textContent()).toContain('new password');
    await bea.logIn('bea', 'wool over seven rivers');
    await arrive(bea, '/auth/account');
  });

  test('a password that must be changed on the way to a device leads there still', async () => {
    const gus = await newVisitor(browser, product);
    await gus.open('/auth/device?user_code=BCDF-GHJK');
    await arrive(gus, '/auth/login');
    const logInAs = async (secret: string): Promise<void> => {
      await gus.page.getByLabel('User name').fill('gus');
      await gus.page.getByLabel('Password').fill(secret);
      await press(gus, 'Log in');
    };
    await logInAs(password);
    await arrive(gus, '/auth/new-password');
    await choose(gus, 'nine doors and no lantern');
    await arrive(gus, '/auth/login');
    await logInAs('nine doors and no lantern');
    await arrive(gus, '/auth/device');
    expect(new URL(gus.page.url()).searchParams.get('user_code')).toBe('BCDF-GHJK');
  });

  test('a one-time link sets a password once, and stands in no address afterwards', async () => {
    const secret = await resetLink('flo');
    const flo = await newVisitor(browser, product);
    await flo.open(`/auth/reset?link=${secret}`);
    expect(flo.page.url()).toBe(`${originOf(product)}/auth/reset`);
    expect(await flo.page.content()).not.toContain(secret);
    await choose(flo, 'tin roof and late rain');
    await arrive(flo, '/auth/login');
    await flo.logIn('flo', 'tin roof and late rain');
    await arrive(flo, '/auth/account');

    const again = await newVisitor(browser, product);
    await again.open(`/auth/reset?link=${secret}`);
    await choose(again, 'some other long words');
    expect(await again.page.getByRole('alert').count()).toBe(1);
  });

  test('signing out everywhere ends the other browsers too', async () => {
    const [here, there] = [await newVisitor(browser, product), await newVisitor(browser, product)];
    for (const each of [here, there]) {
      await each.logIn('eve', password);
      await arrive(each, '/auth/account');
    }
    await here.open('/auth/account');
    const rows = here.page.getByText('Browser at 127.0.0.1');
    expect(await rows.count()).toBe(2);
    const warned = here.page.getByText('temporary tokens and registered keys are revoked');
    expect(await warned.locator('visible=true').count()).toBe(0);
    await unfold(here, 'Sign out everywhere else');
    expect(await warned.locator('visible=true').count()).toBe(1);
    await press(here, 'Sign out everywhere else');
    await here.page.getByRole('status').getByText('tokens and keys are revoked').waitFor();
    expect(await rows.count()).toBe(1);
    await there.open('/auth/account');
    await arrive(there, '/auth/login');
    await unfold(here, /^Sign out everywhere$/);
    await press(here, 'Sign out everywhere');
    await arrive(here, '/auth/login');
  });
});

describe('another site', () => {
  test('sends no form here and frames no page', async () => {
    const ann = await newVisitor(browser, product, { javaScriptEnabled: true });
    await ann.logIn('ann', password);
    await arrive(ann, '/auth/account');
    const evil = await ann.context.newPage();
    await evil.route('http://localhost:1/**', async (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: `<iframe src="${originOf(product)}/auth/login"></iframe>
          <form method="post" action="${originOf(product)}/auth/account/sign-out-everywhere"><input name="keep" value="none"></form>`,
      }),
    );
    await evil.goto('http://localhost:1/');
    expect(await evil.frameLocator('iframe').locator('input').count()).toBe(0);
    const answered = evil.waitForResponse((response) => response.url().endsWith('/sign-out-everywhere'));
    await evil.locator('form').evaluate((form) => (form as unknown as { submit(): void }).submit());
    expect((await answered).status()).toBe(403);
    await ann.open('/auth/account');
    expect(await ann.page.locator('h1').textContent()).toBe('Your account');
  });
});

test.each([
  [1440, 'light'],
  [390, 'dark'],
  [320, 'light'],
] as const)('at %i px, %s, every page fits and is labelled', async (width, colorScheme) => {
  const ann = await newVisitor(browser, product, { viewport: { width, height: 800 }, colorScheme });
  await ann.open('/');
  await expectSoundPage(ann);
  await ann.logIn('ann', password);
  await arrive(ann, '/auth/account');
  for (const summary of await ann.page.locator('summary').all()) await summary.click();
  await expectSoundPage(ann);
  for (const path of ['/auth/device', '/auth/login', '/auth/step', '/auth/reset']) {
    await ann.open(path);
    await expectSoundPage(ann);
  }
});

/** The secret of a link that sets somebody's password. */
async function resetLink(user: string): Promise<string> {
  const { bearer } = admin;
  const none = { data: product.dataFolder, server: undefined, ca: undefined, environment: {} };
  const wish = { method: 'POST', path: '/auth/reset-link', bearer, body: { user } } as const;
  const { link: secret } = JSON.parse((await exchange(findInstallation(none), wish)).text) as Record<string, string>;
  return secret ?? '';
}
