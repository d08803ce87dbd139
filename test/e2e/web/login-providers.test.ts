import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exchange } from '../../../src/client/http.ts';
import { findInstallation, type Installation } from '../../../src/client/installation.ts';
import { startChromium } from '../../kit/chromium.ts';
import { type OidcProviderServer, startOidcProvider } from '../../kit/oidc-provider.ts';
import { type SamlIdp, startSamlIdp } from '../../kit/saml-idp.ts';
import { logIn } from '../person.ts';
import { launchProduct, type Product } from '../product.ts';
import { arrive, expectSoundPage, newVisitor, originOf, press, signOut, type Visitor } from './browser-kit.ts';

let product: Product;
let browser: Browser;
let oidc: OidcProviderServer;
let saml: SamlIdp;
let installation: Installation;
const password = 'a meadow full of quiet engines';
const indented = (text: string): string => text.trim().replaceAll('\n', '\n      ');

beforeAll(async () => {
  product = await launchProduct({ cut: null });
  installation = findInstallation({
    data: product.dataFolder,
    server: undefined,
    ca: undefined,
    environment: {},
  });
  const account = (name: string) => ({
    password: `${name} at the provider`,
    claims: { preferred_username: name, email: `${name}@corp.example`, email_verified: true, groups: ['ops'] },
  });
  oidc = await startOidcProvider({
    accounts: { 's-olga': account('olga'), 's-gus': account('g.us'), 's-paul': account('paul') },
    redirectUri: `${originOf(product)}/auth/callback/corp`,
    postLogoutRedirectUri: `${originOf(product)}/auth/login`,
  });
  const service = { metadata: '' };
  saml = await startSamlIdp({
    get service() {
      return service.metadata;
    },
    people: { sara: { nameId: 'n-sara', attributes: { uid: ['sara'] } } },
  });
  await (await logIn(product)).apply(`
apiVersion: sallyport/v1
kind: IdentityProvider
metadata: {name: corp}
spec:
  type: oidc
  issuer: ${oidc.issuer}
  clientId: ${oidc.clientId}
  clientSecret: ${JSON.stringify(oidc.clientSecret)}
  tls:
    ca: |
      ${indented(oidc.ca)}
---
apiVersion: sallyport/v1
kind: IdentityProvider
metadata: {name: campus}
spec:
  type: saml
  claims: {username: uid}
  metadata: |
      ${indented(await saml.metadata())}
---
apiVersion: sallyport/v1
kind: User
metadata: {name: gus}
spec: {password: "${password}"}
`);
  service.metadata = (await exchange(installation, { method: 'GET', path: '/auth/saml/campus/metadata' })).text;
  const ports = [product.webPort, Number(new URL(oidc.issuer).port), Number(new URL(saml.origin).port)];
  browser = await startChromium(ports);
});
afterAll(async () => {
  await browser.close();
  await oidc.stop();
  await saml.close();
  await product.stop();
});

const atCorp = async ({ page }: Visitor, name: string): Promise<void> => {
  await page.getByLabel('subject').fill(`s-${name}`);
  await page.getByLabel('password').fill(name === 'gus' ? 'g.us at the provider' : `${name} at the provider`);
  await page.getByRole('button').click();
};

/** Other servers of this machine have theirs under the same name. */
const ownCookies = async ({ context }: Visitor): Promise<readonly string[]> =>
  (await context.cookies()).map(({ name }) => name).filter((name) => name.startsWith('__Host-'));

test('OpenID Connect: there, back, and in, without scripts; signing out offers to sign out there too', async () => {
  const olga = await newVisitor(browser, product);
  await olga.open('/auth/login?to=account');
  await expectSoundPage(olga);
  await press(olga, 'Continue with corp');
  await atCorp(olga, 'olga');
  await arrive(olga, '/auth/account');
  expect(await olga.page.locator('.lead').textContent()).toContain('olga');
  expect(await olga.page.getByText('corp, by provider').count()).toBe(1);
  expect(await ownCookies(olga)).toEqual(['__Host-sallyport']);
  await signOut(olga);
  const there = await olga.page.getByRole('link', { name: 'Sign out there too' }).getAttribute('href');
  expect(there?.startsWith(`${oidc.issuer}/`)).toBe(true);
  await olga.open('/auth/account');
  await arrive(olga, '/auth/login');
});

test('SAML: its page sends the answer by a form, without scripts', async () => {
  const sara = await newVisitor(browser, product);
  await sara.open('/auth/login?to=account');
  await press(sara, 'Continue with campus');
  await sara.page.locator('input[name=username]').fill('sara');
  await sara.page.getByRole('button').click();
  await sara.page.getByRole('button', { name: 'Continue' }).click();
  await arrive(sara, '/auth/account');
  expect(await sara.page.locator('.lead').textContent()).toContain('sara');
});

test('the answer of a provider counts in the browser that asked for it alone, and once (A5)', async () => {
  const [paul, thief] = [await newVisitor(browser, product), await newVisitor(browser, product)];
  await paul.open('/auth/login?to=account');
  const sent = paul.page.waitForRequest((request) => request.url().startsWith(`${oidc.issuer}/auth`));
  await press(paul, 'Continue with corp');
  // He logs in at the provider, and the address with the answer is seen by somebody before his browser opens it.
  const answer = await oidc.login((await sent).url(), 's-paul', 'paul at the provider');
  expect(answer).toContain('/auth/callback/corp?code=');

  await thief.page.goto(answer);
  expect(await thief.page.locator('h1').textContent()).toBe('This login cannot go on here');
  // Nor with an attempt of the thief's own.
  await thief.open('/auth/login?to=account');
  await press(thief, 'Continue with corp');
  await thief.page.goto(answer);
  expect(await ownCookies(thief)).not.toContain('__Host-sallyport');

  await paul.page.goto(answer);
  await arrive(paul, '/auth/account');
  await signOut(paul);
  await paul.page.goto(answer);
  expect(await paul.page.locator('h1').textContent()).toBe('This login cannot go on here');
});

test('a provider is linked to an account, and opens it then', async () => {
  const gus = await newVisitor(browser, product);
  await gus.logIn('gus', password);
  await arrive(gus, '/auth/account');
  await press(gus, 'Link corp');
  await atCorp(gus, 'gus');
  await arrive(gus, '/auth/account');
  expect(await gus.page.getByRole('status').textContent()).toContain('log in with that provider');
  await expectSoundPage(gus);

  const again = await newVisitor(browser, product);
  await again.open('/auth/login?to=account');
  await press(again, 'Continue with corp');
  await atCorp(again, 'gus');
  await arrive(again, '/auth/account');
  expect(await again.page.locator('.lead').textContent()).toContain('gus');
});

test('a login that waits at the command line is shown, and confirmed by the person, after logging in', async () => {
  const begin = { method: 'POST', path: '/auth/device_authorization', form: { client_id: 'a <laptop>' } } as const;
  const begun = JSON.parse((await exchange(installation, begin)).text) as Record<string, string>;
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
  const poll = async (): Promise<Record<string, unknown>> => {
    const form = { grant_type, client_id: 'a <laptop>', device_code: begun.device_code ?? '' };
    return JSON.parse((await exchange(installation, { method: 'POST', path: '/auth/token', form })).text) as Record<
      string,
      unknown
    >;
  };
  const gus = await newVisitor(browser, product);
  await gus.page.goto(begun.verification_uri_complete ?? '');
  await arrive(gus, '/auth/login');
  await gus.page.getByLabel('User name').fill('gus');
  await gus.page.getByLabel('Password').fill(password);
  await press(gus, 'Log in');
  await arrive(gus, '/auth/device');
  await expectSoundPage(gus);
  expect(await gus.page.locator('main').textContent()).toContain('a <laptop>');
  expect(await poll()).toMatchObject({ error: 'authorization_pending' });
  await press(gus, 'Yes, log me in there');
  await arrive(gus, '/auth/account');
  await expect.poll(poll, { timeout: 30_000, interval: 2_500 }).toMatchObject({ user: { name: 'gus' } });
  await gus.open('/auth/account');
  expect(await gus.page.getByText('Command line at').count()).toBe(1);
});
