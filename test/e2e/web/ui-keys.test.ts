import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChromium } from '../../kit/chromium.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';
import { until } from '../../kit/until.ts';
import { logIn, type Person } from '../person.ts';
import { finished, launchProduct, type Product, ssh } from '../product.ts';
import { atUi, expectFits, expectNoBarriers, type UiVisitor } from './ui-kit.ts';

let product: Product;
let browser: Browser;
let admin: Person;
let sshds: readonly [Sshd, Sshd];
const folder = makeTempDir();
const authorized = join(folder.path, 'authorized');
const password = 'a meadow full of quiet engines';

interface Pair {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** As the procedure has it: `ssh-keygen -t RSA -m PEM`. */
async function newPair(name: string, passphrase: string): Promise<Pair> {
  const file = join(folder.path, name);
  const args = ['-q', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', passphrase, '-f', file];
  const { code, stderr } = await finished('ssh-keygen', args, {});
  expect(code, stderr).toBe(0);
  return { privateKey: readFileSync(file, 'utf8'), publicKey: readFileSync(`${file}.pub`, 'utf8') };
}

/** The same entry as ssh-copy-id leaves on each device. */
const deploy = (...pairs: readonly Pair[]): void =>
  writeFileSync(authorized, pairs.map(({ publicKey }) => publicKey).join(''), { mode: 0o644 });

const user = (name: string): string => `
apiVersion: sallyport/v1
kind: User
metadata: {name: ${name}}
spec: {password: "${password}"}
`;
const target = (name: string, sshd: Sshd): string => `
apiVersion: sallyport/v1
kind: Target
metadata: {name: ${name}}
spec: {protocol: ssh, address: "127.0.0.1:${String(sshd.port)}", trust: {hostKeys: ["${sshd.hostKeyLine}"]}}
`;
const entitlement = (name: string, access: string, assign: string): string => `
apiVersion: sallyport/v1
kind: Entitlement
metadata: {name: ${name}}
spec: {access: {${access}}}
---
apiVersion: sallyport/v1
kind: Policy
metadata: {name: ${name}}
spec: {assign: '${assign}', entitlements: [${name}]}
`;

const of = (name: string): string => `claims.user.username == "${name}"`;

/** A key that an account on a target of its own logs in with. */
const keyWithAccount = (name: string, username: string): string => `
apiVersion: sallyport/v1
kind: SshKey
metadata: {name: ${name}}
spec: {username: ${username}, generate: ed25519, mainTarget: ${name}}
---
apiVersion: sallyport/v1
kind: Account
metadata: {name: standing-${name}}
spec: {target: ${name}, username: ${username}, credential: {sshKey: ${name}}}
`;

beforeAll(async () => {
  // sshd reads the list with the rights of the login.
  chmodSync(folder.path, 0o711);
  const config = [`AuthorizedKeysFile ${authorized}`];
  sshds = [await launchSshd({ config }), await launchSshd({ config })];
  product = await launchProduct({ cut: null });
  browser = await startChromium([product.webPort]);
  admin = await logIn(product);
  await admin.apply([user('ann'), user('bea')].join('---'));
});
afterAll(async () => {
  await browser.close();
  await product.stop();
  await Promise.all(sshds.map((sshd) => sshd.stop()));
  folder.remove();
});

const asAdmin = (path: string, options = {}): Promise<UiVisitor> =>
  atUi(browser, product, { user: 'admin', password: product.adminPassword, path }, options);
const as = (name: string, path: string): Promise<UiVisitor> => atUi(browser, product, { user: name, password, path });

const next = (page: Page, tab: string) => page.getByRole('button', { name: `Next: ${tab}` }).click();
const dialog = (page: Page) => page.getByRole('dialog');

async function information(page: Page, name: string, owner: string): Promise<void> {
  await page.getByLabel('Key name').fill(name);
  await page.getByRole('combobox', { name: 'Tags' }).fill('ops');
  await page.getByRole('combobox', { name: 'Tags' }).press('Enter');
  await page.getByLabel('SSH key owner').fill(owner);
  await next(page, 'Key data');
}

test('the procedure click by click: registered with a new device and one that is there, and a session by it', async () => {
  const [web, other] = sshds;
  await admin.apply(target('other', other));
  const key = await newPair('id_rsa', '');
  deploy(key);
  const { page, open, complaints } = await asAdmin('/ui/ssh-keys');
  await page.getByText('No SSH key is registered yet').waitFor();
  await page.getByRole('link', { name: 'Add' }).click();
  await information(page, 'id_rsa', web.username);
  expect(await page.getByLabel('Username').inputValue()).toBe(web.username);
  await page.getByRole('textbox', { name: 'Private key' }).fill(key.privateKey);
  await page.getByRole('textbox', { name: 'Public key' }).fill(key.publicKey);
  await next(page, 'Devices');
  await page.getByRole('button', { name: 'Register new device' }).click();
  await dialog(page).getByLabel('Device name').fill('other');
  await dialog(page)
    .getByLabel('Address')
    .fill(`127.0.0.1:${String(web.port)}`);
  await dialog(page).getByRole('button', { name: 'Register' }).click();
  await dialog(page).getByText('is registered already').waitFor();
  await dialog(page).getByLabel('Device name').fill('web-1');
  await dialog(page).getByRole('button', { name: 'Register' }).click();
  await dialog(page).getByRole('button', { name: 'Fetch host keys' }).click();
  await dialog(page).getByRole('checkbox').first().check();
  await expectNoBarriers(page, 'the host keys');
  await dialog(page).getByRole('button', { name: 'Confirm' }).click();
  await dialog(page).waitFor({ state: 'hidden' });
  const mainDevice = page.getByRole('combobox', { name: 'Main device' });
  await until(async () => (await mainDevice.inputValue()) === 'web-1', { what: 'the new device as the main one' });
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await dialog(page).getByLabel('Search devices').fill('OTH');
  await dialog(page).getByRole('checkbox', { name: /other/ }).check();
  await expectNoBarriers(page, 'the devices');
  await dialog(page).getByRole('button', { name: 'Add' }).click();
  await page.getByRole('list', { name: 'More devices' }).getByText('other').waitFor();
  await next(page, 'Review');
  // A step back is one tab, and nothing that was filled in is lost by it.
  await page.goBack();
  await page.getByRole('list', { name: 'More devices' }).getByText('other').waitFor();
  await page.goForward();
  await page.getByText('Account id_rsa@web-1 is created').waitFor();
  await page.getByLabel('Account on other').fill('other-by-key');
  await page.getByText('Account other-by-key is created').waitFor();
  await expectNoBarriers(page, 'the review');
  expect(await page.content()).not.toContain('PRIVATE KEY');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The SSH key is saved').waitFor();
  await page.getByText(`ssh-copy-id -f -i id_rsa.pub ${web.username}@DEVICE`).waitFor();
  await expectNoBarriers(page, 'what remains');

  await admin.apply(entitlement('web-1', 'targets: [web-1]', of('admin')));
  await open('/ui/ssh-keys');
  await page.getByRole('button', { name: 'Actions for id_rsa' }).click();
  await expectNoBarriers(page, 'the actions');
  await page.getByRole('menuitem', { name: 'Start session with a key' }).click();
  await page.getByRole('heading', { name: 'SSH keys: remote access', level: 1 }).waitFor();
  await page.getByLabel('Search devices').fill('web');
  await expectNoBarriers(page, 'remote access');
  const [terminal] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: /^Start session on web-1/ }).click(),
  ]);
  await terminal.waitForURL((url) => url.pathname === `/ui/terminal/web-1/${web.username}`);
  await terminal.getByText('Connected', { exact: true }).waitFor();
  await terminal.keyboard.type('echo by-the-$(echo key)\n');
  await terminal.locator('.xterm-rows').getByText('by-the-key').first().waitFor();
  await terminal.close();
  await until(() => web.log().includes('Accepted publickey'), { what: 'the login by the key' });
  expect(complaints).toEqual([]);
});

test('a key with a password: what is wrong leads to its field, Generate draws one, and the right one opens it', async () => {
  const [web] = sshds;
  const [open, locked] = [await newPair('open', ''), await newPair('locked', 'the words of the key')];
  deploy(locked);
  const before = [target('before', web), keyWithAccount('before', web.username)];
  await admin.apply([...before, entitlement('before', 'targets: [before]', of('admin'))].join('---'));
  const { page, complaints } = await asAdmin('/ui/ssh-keys/new');
  await information(page, 'locked', web.username);
  await page.getByRole('textbox', { name: 'Private key' }).fill(open.privateKey);
  await page.getByLabel('Set current password').check();
  await page.getByRole('button', { name: 'Generate' }).click();
  const field = page.getByLabel('Password of the key');
  const drawn = await field.inputValue();
  expect(drawn).toMatch(/^[\w-]{24}$/);
  expect(await field.getAttribute('type')).toBe('text');
  await page.getByRole('button', { name: 'Hide the password' }).click();
  expect(await field.getAttribute('type')).toBe('password');
  await page.getByText('The private key above has no password').waitFor();
  await expectNoBarriers(page, 'key data');
  await page.getByRole('tab', { name: 'Review' }).click();
  await page.getByText('the private key is not encrypted').waitFor();
  expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
  await expectNoBarriers(page, 'the review with problems');
  await page.getByRole('button', { name: 'Password of the key' }).click();
  await page.locator('#field-password:focus').waitFor();
  await page.getByRole('textbox', { name: 'Private key' }).fill(locked.privateKey);
  await page.getByRole('tab', { name: 'Review' }).click();
  await page.getByText('does not open the private key').waitFor();
  await page.getByRole('button', { name: 'Password of the key' }).click();
  await field.fill('the words of the key');
  await next(page, 'Devices');
  await page.getByRole('combobox', { name: 'Main device' }).fill('befo');
  await page.getByRole('option', { name: 'before' }).click();
  await next(page, 'Review');
  // The login stands there by another key already: it is altered only when that is wanted.
  await page.getByText('Account standing-before is changed').waitFor();
  await page.getByText('-     sshKey: before').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The SSH key is saved').waitFor();
  expect(await page.content()).not.toMatch(/PRIVATE KEY|the words of the key/);
  const { secret } = await admin.token();
  expect((await ssh(product, 'admin~before', secret, ['echo', 'unlocked'])).stdout).toBe('unlocked\n');
  expect(complaints).toEqual([]);
});

test('a person without one of the three rights is told which, and an inactive key says so', async () => {
  const lacking = 'targets: [kept], rights: [useCredential, accessTarget]';
  const rights = [entitlement('no-start', lacking, of('bea')), entitlement('ann', 'targets: [kept]', of('ann'))];
  await admin.apply([target('kept', sshds[1]), keyWithAccount('kept', 'root'), ...rights].join('---'));
  const bea = await as('bea', '/ui/ssh-keys');
  await bea.page.getByRole('button', { name: 'Actions for kept' }).waitFor();
  expect(await bea.page.getByRole('link', { name: 'Add' }).count()).toBe(0);
  await bea.page.getByRole('button', { name: 'Actions for kept' }).click();
  expect(await bea.page.getByRole('menuitem', { name: 'Change the key' }).count()).toBe(0);
  await bea.page.getByRole('menuitem', { name: 'Start session with a key' }).click();
  await bea.page.getByText('lacks the right to start a session (startSession)').waitFor();
  expect(await bea.page.getByRole('link', { name: /Start session/ }).count()).toBe(0);
  await bea.open('/ui/ssh-keys/remote-access?key=nobodys');
  await bea.page.getByText('No device of this key is open to you').waitFor();
  await bea.open('/ui/ssh-keys/new');
  await bea.page.getByText('You have no right to see this').waitFor();
  const ann = await as('ann', '/ui/ssh-keys/remote-access?key=kept');
  await ann.page.getByRole('link', { name: /^Start session on kept/ }).waitFor();
  const inactive = keyWithAccount('kept', 'root').replace('generate:', 'status: inactive, generate:');
  await admin.apply(inactive);
  await ann.open('/ui/ssh-keys/remote-access?key=kept');
  await ann.page.getByText('This key is inactive').waitFor();
  await ann.page.getByText('its SSH key is inactive').waitFor();
  await expectNoBarriers(ann.page, 'an inactive key');
  expect([...bea.complaints, ...ann.complaints]).toEqual([]);
});

test('a key pair that is made in custody gives its public key to deploy', async () => {
  const { page, complaints } = await asAdmin('/ui/ssh-keys/new');
  await information(page, 'made', 'root');
  await page.getByText('Make a new key pair here').click();
  await page.getByRole('tab', { name: 'Review' }).click();
  await page.getByText('The key pair is made when you save').waitFor();
  expect(await page.getByText('ssh-ed25519 AAAA').count()).toBe(0);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('ssh-ed25519 AAAA').waitFor();
  // A name is taken once.
  await page.getByRole('main').getByRole('link', { name: 'SSH keys', exact: true }).click();
  await page.getByRole('link', { name: 'Add' }).click();
  await information(page, 'made', 'root');
  await page.getByText('Make a new key pair here').click();
  await page.getByRole('tab', { name: 'Review' }).click();
  await page.getByText('is registered already').waitFor();
  await page.getByRole('button', { name: 'Key name' }).click();
  await page.locator('#field-name:focus').waitFor();
  // There is one way to keys and to a new one; what stands is changed and deleted as other objects are.
  await page.getByRole('navigation').getByRole('link', { name: 'SSH keys' }).click();
  await page.getByRole('button', { name: 'Actions for made' }).click();
  await page.getByRole('menuitem', { name: 'Change the key' }).click();
  await page.getByRole('tab', { name: 'YAML' }).click();
  await page.getByText('sallyport get SshKey made --format yaml').waitFor();
  await page.getByRole('button', { name: 'Delete' }).click();
  await dialog(page).getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL((url) => url.pathname === '/ui/ssh-keys');
  await page.getByRole('heading', { name: 'SSH keys', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Actions for made' }).waitFor({ state: 'hidden' });
  expect(complaints).toEqual([]);
});

test.each([
  [1440, 'light'],
  [1024, 'dark'],
  [390, 'light'],
] as const)('at %i pixels in %s colours every tab and list can be used', async (width, colorScheme) => {
  const wide = [target('wide', sshds[1]), keyWithAccount('wide', 'root')];
  await admin.apply([...wide, entitlement('wide', 'targets: [wide]', of('admin'))].join('---'));
  const { page, open, complaints } = await asAdmin('/ui/ssh-keys', { viewport: { width, height: 900 }, colorScheme });
  const paths = ['', '?of=yours', '/remote-access?key=wide', '/one?name=wide'];
  const tabs = ['', 'key', 'devices', 'review'].map((tab) => `/new?tab=${tab}`);
  for (const path of [...paths, ...tabs]) {
    await open(`/ui/ssh-keys${path}`);
    await page.getByRole('main').getByRole('table').or(page.getByRole('tabpanel')).waitFor();
    await page.getByRole('main').getByText('Loading').waitFor({ state: 'hidden' });
    await expectNoBarriers(page, path);
    await expectFits(page, path);
  }
  expect(complaints).toEqual([]);
});
