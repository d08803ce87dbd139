import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChromium } from '../../kit/chromium.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { launch } from '../../kit/process.ts';
import { logIn } from '../person.ts';
import { launchProduct, type Product, sshCommand, sshdResources, type Token } from '../product.ts';
import { atUi, expectFits, expectNoBarriers } from './ui-kit.ts';

let product: Product;
let sshd: Sshd;
let browser: Browser;

const declared = `
apiVersion: sallyport/v1
kind: Target
metadata: {name: web1, labels: {team: ops}}
spec: {protocol: ssh, address: "web1.example.org:22"}
---
apiVersion: sallyport/v1
kind: Credential
metadata: {name: web1-root}
spec: {password: the first secret}
---
apiVersion: sallyport/v1
kind: Account
metadata: {name: web1-root}
spec: {target: web1, username: root, credential: {password: web1-root}}
`;

const password = 'a meadow full of quiet engines';
const people = `
apiVersion: sallyport/v1
kind: User
metadata: {name: alice}
spec: {password: "${password}"}
---
apiVersion: sallyport/v1
kind: Condition
metadata: {name: office}
spec: {expression: 'claims.system.local.hour >= 8 && claims.system.local.hour < 18'}
`;
const stranger = ({ port }: Sshd): string => `
apiVersion: sallyport/v1
kind: Target
metadata: {name: stranger}
spec: {protocol: ssh, address: "127.0.0.1:${String(port)}"}
`;

beforeAll(async () => {
  [product, sshd] = await Promise.all([launchProduct({ cut: null }), launchSshd()]);
  await product.cli(['apply', '-f', '-'], {
    input: [declared, people, sshdResources(sshd), stranger(sshd)].join('---\n'),
  });
  browser = await startChromium([product.webPort]);
});
afterAll(async () => {
  await browser.close();
  await product.stop();
  await sshd.stop();
});

const admin = (path: string) => ({ user: 'admin', password: product.adminPassword, path });

test('a target is created by its form, changed by its YAML and deleted, each shown before it is done', async () => {
  const { page, complaints } = await atUi(browser, product, admin('/ui/admin/targets'), { reducedMotion: 'reduce' });
  await page.getByRole('link', { name: 'Create a target' }).click();
  await page.getByLabel('Name').fill('db <b>1');
  await page.getByRole('combobox', { name: 'Protocol' }).click();
  await page.getByRole('option', { name: 'PostgreSQL' }).click();
  await page.getByLabel('Address').fill('nowhere');
  await page.getByRole('button', { name: 'Review changes' }).click();
  await page.getByText('must be host:port').waitFor();
  expect(await page.getByLabel('Address').getAttribute('aria-invalid')).toBe('true');
  await expectNoBarriers(page, 'the form with an error');
  await page.getByLabel('Address').fill('db1.example.org:5432');
  await page.getByRole('button', { name: 'Review changes' }).click();
  const review = page.getByRole('dialog', { name: 'What this would change' });
  await review.getByText('+ address: db1.example.org:5432').waitFor();
  await review.getByText('has no trust').waitFor();
  await expectNoBarriers(page, 'the review');
  expect((await product.cli(['get', 'Target', 'db <b>1'], { code: 1 })).stdout).toBe('');
  await review.getByRole('button', { name: 'Apply' }).click();
  await page.getByRole('heading', { name: 'db <b>1', level: 1 }).waitFor();

  await page.getByRole('tab', { name: 'YAML' }).click();
  const yaml = page.getByRole('textbox', { name: 'YAML' });
  const standing = await yaml.inputValue();
  await yaml.fill(standing.replace('protocol:', 'protocl:'));
  await page.getByRole('button', { name: 'Review changes' }).click();
  await page.getByRole('button', { name: 'Line 6' }).first().click();
  expect(await page.evaluate('getSelection().toString()')).toContain('protocl');
  await yaml.fill(standing.replace('db1.example.org', 'db2.example.org'));
  await expectNoBarriers(page, 'the YAML');
  await page.getByRole('button', { name: 'Review changes' }).click();
  await review.locator('ins').waitFor();
  expect(await review.locator('ins, del').allTextContents()).toEqual(
    ['- address: db1.example.org:5432', '+ address: db2.example.org:5432'].map((line) =>
      line.replace(/^(.) /, '$1   '),
    ),
  );
  await review.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('The changes are applied.').waitFor();
  expect((await product.cli(['get', 'Target', 'db <b>1'])).stdout).toContain('db2.example.org');

  await page.getByRole('button', { name: 'Delete' }).click();
  const question = page.getByRole('dialog');
  await question.getByText('Nothing names it.').waitFor();
  await question.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('link', { name: 'web1' }).waitFor();
  expect(await page.getByText('db <b>1').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('what others name can not be deleted, and is found from there', async () => {
  const { page, complaints } = await atUi(browser, product, admin('/ui/admin/targets?search=OPS'));
  await page.getByRole('link', { name: 'web1' }).click();
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByText('It can not be deleted').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
  await page.getByRole('tab', { name: 'Used by' }).click();
  await page.getByRole('link', { name: 'Account web1-root' }).click();
  await page.getByRole('heading', { name: 'web1-root', level: 1 }).waitFor();
  expect(await page.getByLabel('Login name on the target').inputValue()).toBe('root');
  expect(complaints).toEqual([]);
});

test('a secret is never shown and only replaced when one is typed; a change by somebody else is said', async () => {
  const { page, complaints } = await atUi(browser, product, admin('/ui/admin/credentials/one?name=web1-root'));
  await page.getByText('One is set. It is never shown').first().waitFor();
  expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('');
  await page.getByRole('combobox', { name: 'Labels' }).fill('team=ops');
  await page.getByRole('combobox', { name: 'Labels' }).press('Enter');
  await product.cli(['apply', '-f', '-'], {
    input: declared.replace(
      '{name: web1-root}\nspec: {password: the first secret}',
      '{name: web1-root, labels: {a: b}}\nspec: {}',
    ),
  });
  const secrets = async (): Promise<number> =>
    (await product.cli(['audit', 'events', '--format', 'json', '--type', 'CredentialDeclared'])).stdout
      .trim()
      .split('\n').length;
  const before = await secrets();
  await page.getByLabel('Password', { exact: true }).fill('the second secret');
  await page.getByRole('button', { name: 'Review changes' }).click();
  const review = page.getByRole('dialog', { name: 'What this would change' });
  await review.getByText('It was changed meanwhile').waitFor();
  await review.getByText('put in custody in place of what is there').waitFor();
  expect(await review.textContent()).not.toContain('the second secret');
  await review.getByRole('button', { name: 'Apply' }).click();
  await page.getByText('The changes are applied.').waitFor();
  expect(await secrets()).toBe(before + 1);
  expect(await page.content()).not.toContain('the second secret');
  expect(complaints).toEqual([]);
});

test.each([
  [1440, 'light'],
  [1440, 'dark'],
  [390, 'light'],
] as const)('at %i pixels in %s colours every list and form can be used', async (width, colorScheme) => {
  const { page, open, complaints } = await atUi(browser, product, admin('/ui/admin/users'), {
    viewport: { width, height: 900 },
    colorScheme,
  });
  for (const path of ['users', 'targets', 'users/new', 'entitlements/new', 'providers/new', 'targets/one?name=web1']) {
    await open(`/ui/admin/${path}`);
    await page
      .getByRole('main')
      .getByRole('table')
      .or(page.getByRole('tab', { name: 'Form' }))
      .waitFor();
    await expectNoBarriers(page, path);
    await expectFits(page, path);
  }
  expect(complaints).toEqual([]);
});

test('a target that nobody has confirmed says so, shows its key, and is known once somebody has compared it', async () => {
  const { page, complaints } = await atUi(browser, product, admin('/ui/admin/targets/one?name=stranger'));
  await page.getByText('This target opens nothing yet').waitFor();
  await page.getByRole('link', { name: 'Look at what it shows' }).click();
  await page.getByText('Nobody has confirmed who this target is').waitFor();
  await page.getByRole('button', { name: 'Scan' }).click();
  const key = page.getByRole('checkbox', { name: 'Trust the key SHA256:' });
  await key.first().check();
  await expectNoBarriers(page, 'what a target shows');
  await page.getByRole('button', { name: 'I have compared them: confirm 1' }).click();
  await page.getByText('The changes are applied.').waitFor();
  await page.getByText('Nobody has confirmed who this target is').waitFor({ state: 'hidden' });
  expect((await product.cli(['get', 'Target', 'stranger', '--format', 'yaml'])).stdout).toContain('hostKeys');
  expect(complaints).toEqual([]);
});

test('who is in is seen as it happens; a session is ended with a reason, a token and the logins after it', async () => {
  const { page, open, complaints } = await atUi(browser, product, admin('/ui/admin/live'));
  await page.getByText('No session is open').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  const token = await product.json<Token>(['token', 'create'], { user: 'alice', password });
  const { command, env } = sshCommand(product, 'alice~box', token.secret);
  const client = launch('sshpass', [...command, 'sleep 600'], { env });
  await page.getByRole('link', { name: 'Watch alice on box' }).waitFor();
  await expectNoBarriers(page, 'live sessions');

  await open('/ui/admin/tokens?search=ALI');
  await page.getByRole('button', { name: 'Revoke the token' }).click();
  await page.getByRole('dialog').getByText(`${sshd.username} on box`).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();

  await open('/ui/admin/live');
  await page.getByRole('button', { name: 'End the session of alice on box' }).click();
  await page.getByLabel('Reason').fill('go <b>home</b>');
  await page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
  await client.exited;
  expect(client.stderr()).toContain('go <b>home</b>');
  await page.getByText('No session is open').waitFor();

  await logIn(product, 'alice', password);
  await open('/ui/admin/users/one?name=alice&tab=passes');
  await page.getByRole('button', { name: 'Revoke the token' }).click();
  await page.getByRole('dialog').getByText('It has no session open').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('No live token').waitFor();
  await page.getByRole('button', { name: 'End all logins of alice' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'End all logins' }).click();
  await page.getByText('Not logged in anywhere.').waitFor();
  await page.getByRole('button', { name: 'Make a link to set the password' }).click();
  await page.getByText('/auth/reset?link=').waitFor();
  await expectNoBarriers(page, 'what a person is in by');
  expect(complaints).toEqual([]);
});

test('a condition is tried on a person and a time, and who reaches a target is explained', async () => {
  const { page, open, complaints } = await atUi(
    browser,
    product,
    admin('/ui/admin/conditions/one?name=office&tab=try'),
  );
  await logIn(product, 'alice', password);
  await page.getByRole('combobox', { name: 'Person' }).fill('alice');
  await page.getByRole('button', { name: 'Take their claims' }).click();
  await page.getByLabel('Claims').and(page.getByText('"alice"')).waitFor();
  await page.getByLabel('At (your time').fill('2026-03-04T03:00');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText('It does not hold').waitFor();
  await page.getByLabel('Expression').fill('claims.user.username == "alice"');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText('It holds').waitFor();
  await page.getByText('steps that an expression may take').waitFor();
  await page.getByLabel('Expression').fill('claims.user.');
  await page.getByRole('button', { name: 'Try it' }).click();
  await page.getByText('It gives no answer, which is a no').waitFor();
  await expectNoBarriers(page, 'the simulator');

  await open('/ui/admin/policies/one?name=box&tab=who');
  await page.getByRole('combobox', { name: 'Person' }).fill('alice');
  await page.getByRole('combobox', { name: 'Target' }).fill('box');
  await page.getByRole('button', { name: 'Explain' }).click();
  await page.getByText('A session would open').waitFor();
  await page.getByText('By the entitlement box').waitFor();
  await page.getByRole('combobox', { name: 'Target' }).fill('stranger');
  await page.getByRole('button', { name: 'Explain' }).click();
  await page.getByText('No session would open').waitFor();
  await expectNoBarriers(page, 'an explanation');
  expect(complaints).toEqual([]);
});
