import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appCode } from '../../kit/authenticator-app.ts';
import { startChromium, virtualAuthenticator } from '../../kit/chromium.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { until } from '../../kit/until.ts';
import { Api } from '../../../src/client/api.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';
import { installationOf, logIn, type Person } from '../person.ts';
import { launchProduct, type Product, ssh, sshdResources } from '../product.ts';
import { atUi, expectFits, expectNoBarriers, type UiVisitor } from './ui-kit.ts';

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
      ...['ann', 'bea', 'cid', 'dora', 'eve'].map(user),
      sshdResources(sshd, 'web-1'),
      `
apiVersion: sallyport/v1
kind: Condition
metadata: {name: office}
spec: {expression: 'claims.system.local.hour > 99', remedy: {kind: message, text: "only in <b>office</b> hours"}}
`,
      sshdResources(sshd, 'db-1', closed),
      `
apiVersion: sallyport/v1
kind: FactorProvider
metadata: {name: app}
spec: {type: totp, atLogin: 'false', atToken: '"totp" in claims.user.enrolled'}
---
apiVersion: sallyport/v1
kind: FactorProvider
metadata: {name: key}
spec: {type: webauthn, atLogin: 'false', atToken: '"webauthn" in claims.user.enrolled'}
`,
    ].join('---'),
  );
});
afterAll(async () => {
  await browser.close();
  await product.stop();
  await sshd.stop();
});

const at = (who: string, path: string, options = {}): Promise<UiVisitor> =>
  atUi(browser, product, { user: who, password, path }, { reducedMotion: 'reduce', ...options });

const dialog = (page: Page) => page.getByRole('dialog');

test('what is reachable is found, starred and connected to; what is not says why', async () => {
  const { page, complaints } = await at('ann', '/ui', { permissions: ['clipboard-read', 'clipboard-write'] });
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
  await drawer.getByRole('button', { name: 'Copy: the token' }).click();
  await drawer.getByRole('button', { name: 'Copied: the token' }).waitFor();
  expect(await page.evaluate('navigator.clipboard.readText()')).toBe(secret);
  await expectNoBarriers(page, 'the drawer');
  expect((await ssh(product, 'ann~web-1', secret, ['echo', 'in'])).stdout).toBe('in\n');
  // The drawer is an address of its own, and Back closes it.
  await page.reload();
  await drawer.getByRole('tab', { name: 'PuTTY', selected: true }).waitFor();
  expect(await page.content()).not.toContain(secret);
  await page.getByRole('button', { name: 'Close' }).click();
  await drawer.waitFor({ state: 'hidden' });
  expect(new URL(page.url()).search).toBe('?q=WEB&part=favourites');
  await page.goForward();
  await drawer.waitFor();
  await page.goBack();
  await drawer.waitFor({ state: 'hidden' });
  await page.getByRole('tab', { name: 'Recent' }).click();
  await page.getByRole('row', { name: /web-1.*just now/ }).waitFor();
  expect(complaints).toEqual([]);
});

/** Makes a token from the menu of the person, up to where its making is decided. */
async function wishToken(page: Page, who: string): Promise<void> {
  await page.getByRole('button', { name: `Your menu, ${who}` }).click();
  await page.getByRole('menuitem', { name: 'Make a temporary token' }).click();
}

test('a token of the length and kind that is wished for, after a fresh factor, shown once, used and revoked', async () => {
  const api = new Api(installationOf(product), (await logIn(product, 'bea', password)).bearer);
  const app = await api.rest<{ secret: string; sealed: string }>('POST', '/auth/factors/totp', { label: 'phone' });
  const code = appCode(app.secret, Date.now());
  await api.rest('POST', '/auth/factors/totp/finish', { sealed: app.sealed, code });

  const { page, open, complaints } = await at('bea', '/ui');
  await wishToken(page, 'bea');
  await dialog(page).getByText('Other', { exact: true }).click();
  const minutes = dialog(page).getByRole('textbox', { name: 'Minutes' });
  await minutes.fill('481');
  await dialog(page).getByText('From 1 to 480 minutes').waitFor();
  expect(await dialog(page).getByRole('button', { name: 'Make the token' }).isDisabled()).toBe(true);
  await minutes.fill('90');
  await dialog(page).getByLabel('SSH').check();
  await dialog(page).getByRole('button', { name: 'Make the token' }).click();
  await expectNoBarriers(page, 'the second factor');
  const digits = dialog(page).getByLabel('Six digits from your authenticator app');
  await digits.fill(code);
  await dialog(page).getByRole('button', { name: 'Continue' }).click();
  await dialog(page).getByText('That was not taken.').waitFor();
  // The next one: that of this moment was used to enrol.
  await digits.fill(appCode(app.secret, Date.now(), 1));
  await dialog(page).getByRole('button', { name: 'Continue' }).click();
  await dialog(page).getByText('it is not shown again').waitFor();
  expect(await dialog(page).textContent()).not.toMatch(/spt_\w/);
  await dialog(page).getByRole('button', { name: 'Show the token' }).click();
  const secret = (await dialog(page).getByText(/^spt_/).textContent()) ?? '';
  await expectNoBarriers(page, 'the token');
  expect((await ssh(product, 'bea~web-1', secret, ['echo', 'in'])).stdout).toBe('in\n');

  await open('/ui/my/tokens');
  const row = page.getByRole('row', { name: /for SSH, all targets/ });
  await row.getByText(/^1 h (29|30) min left|^1 h 30 min left/).waitFor();
  await row.getByText('from 127.0.0.1').filter({ visible: true }).waitFor();
  expect(await page.content()).not.toContain(secret);
  await row.getByRole('button', { name: /^Revoke/ }).click();
  await dialog(page).getByText('No session is open by it.').waitFor();
  await expectNoBarriers(page, 'the question');
  await dialog(page).getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('You have no live token').waitFor();
  expect((await ssh(product, 'bea~web-1', secret, ['echo', 'in'])).stdout).toBe('');
  // Chromium says of each 401 that it was one: of the code that was not taken.
  expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
});

test('a security key is a fresh factor too', async () => {
  const { page, context, open, complaints } = await at('eve', '/ui');
  await virtualAuthenticator(context, page);
  await open('/auth/account');
  await page.locator('summary', { hasText: 'security key' }).first().click();
  await page.locator('#label-webauthn').fill('my <key>');
  await page.locator('form[action="/auth/account/webauthn"] button').click();
  await page.getByText('my <key>').first().waitFor();
  await open('/ui/my/security');
  await page.getByRole('row', { name: /my <key>.*Security key or passkey/ }).waitFor();
  await wishToken(page, 'eve');
  await dialog(page).getByRole('button', { name: 'Make the token' }).click();
  await dialog(page).getByRole('button', { name: 'Use your security key' }).click();
  await dialog(page).getByText('Your token is ready').waitFor();
  expect(complaints).toEqual([]);
});

test('the eleventh token is refused with the list, from which one is revoked to make room', async () => {
  const cid = await logIn(product, 'cid', password);
  for (let made = 0; made < 10; made += 1) await cid.token({ ttlSeconds: 600 + made });
  const { page, complaints } = await at('cid', '/ui?dialog=token');
  await dialog(page).getByRole('button', { name: 'Make the token' }).click();
  await dialog(page).getByText('you have 10 live tokens already').waitFor();
  const rows = dialog(page).getByRole('table', { name: 'Your live tokens' }).getByRole('row');
  await until(async () => (await rows.count()) === 11, { what: 'ten tokens and a head' });
  await expectNoBarriers(page, 'ten tokens');
  await rows
    .nth(1)
    .getByRole('button', { name: /^Revoke/ })
    .click();
  await page.getByRole('dialog', { name: 'Revoke this token?' }).getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('dialog', { name: 'Revoke this token?' }).waitFor({ state: 'hidden' });
  await dialog(page).getByRole('button', { name: 'Make the token' }).click();
  await dialog(page).getByText('Your token is ready').waitFor();
  expect(complaints).toEqual([]);
});

test('own sessions, logins and keys are seen and ended, on a narrow screen too', async () => {
  const dora = await logIn(product, 'dora', password);
  const { secret } = await dora.token();
  const folder = makeTempDir();
  const key = join(folder.path, 'id_ed25519');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'dora@<b>laptop</b>', '-f', key]);
  await product.cli(['key', 'add', '--file', `${key}.pub`], { user: 'dora', password });
  const running = ssh(product, 'dora~web-1', secret, ['sleep', '600']);
  const { page, open, complaints } = await at('dora', '/ui/my/sessions?state=live', {
    viewport: { width: 390, height: 844 },
  });
  const row = page.getByRole('row', { name: /web-1/ });
  await row.getByText('Open', { exact: true }).filter({ visible: true }).waitFor();
  await expectNoBarriers(page, 'my sessions');
  await expectFits(page, 'my sessions');
  await row.getByRole('button', { name: /^End/ }).click();
  await dialog(page).getByRole('button', { name: 'End' }).click();
  expect((await running).code).not.toBe(0);
  await page.getByText('No session of yours is like that').waitFor();
  await page.getByRole('combobox', { name: 'State' }).click();
  await page.getByRole('option', { name: 'Ended' }).click();
  await row.getByText('You ended it').filter({ visible: true }).waitFor();
  expect(new URL(page.url()).searchParams.get('state')).toBe('ended');
  expect(await row.getByRole('link', { name: /^Watch/ }).getAttribute('href')).toMatch(/^\/ui\/sessions\/session-/);

  await open('/ui/my/security');
  await page.getByText('You have none: whoever learns your password is you.').waitFor();
  await page.getByRole('link', { name: 'Add or remove' }).click();
  await page.waitForURL((url) => url.pathname === '/auth/account');
  await page.getByText('Add an authenticator app').waitFor();
  await page.getByRole('link', { name: 'Back to Security' }).click();
  await page.getByText('You have none: whoever learns your password is you.').waitFor();
  const keyRow = page.getByRole('row', { name: /dora@<b>laptop<\/b>/ });
  await keyRow.waitFor();
  await expectNoBarriers(page, 'security');
  await expectFits(page, 'security');
  await keyRow.getByRole('button', { name: /^Revoke/ }).click();
  await dialog(page).getByRole('button', { name: 'Revoke' }).click();
  await keyRow.waitFor({ state: 'hidden' });
  const cli = page.getByRole('row', { name: /Command line/ });
  const before = await cli.count();
  await cli
    .first()
    .getByRole('button', { name: /^Sign out/ })
    .click();
  await dialog(page).getByRole('button', { name: 'Sign out' }).click();
  await until(async () => (await cli.count()) === before - 1, { what: 'one login less' });
  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await dialog(page).getByRole('button', { name: 'Sign out everywhere' }).click();
  await page.waitForURL((url) => url.pathname === '/auth/login');
  expect((await ssh(product, 'dora~web-1', secret, ['echo', 'in'])).stdout).toBe('');
  folder.remove();
  expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
});
