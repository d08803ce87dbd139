import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startChromium } from '../../kit/chromium.ts';
import { launchOpenLdap, type OpenLdap } from '../../kit/openldap.ts';
import { openLdapBases, openLdapSpec, providerDocument } from '../../kit/provider-specs.ts';
import { launchProduct, type Product } from '../product.ts';
import { atUi, expectFits, expectNoBarriers } from './ui-kit.ts';

let product: Product;
let slapd: OpenLdap;
let browser: Browser;

beforeAll(async () => {
  [product, slapd] = await Promise.all([
    launchProduct({ cut: null }),
    launchOpenLdap({
      ldif: 'dn: uid=alice,ou=people,dc=peer,dc=test\nobjectClass: inetOrgPerson\nuid: alice\ncn: alice\nsn: alice\nuserPassword: pw',
    }),
  ]);
  await product.cli(['apply', '-f', '-'], {
    input: providerDocument('corp', openLdapSpec(slapd, { bindPassword: 'not the right one' })),
  });
  browser = await startChromium([product.webPort]);
});
afterAll(async () => {
  await browser.close();
  await product.stop();
  await slapd.stop();
});

const admin = (path: string) => ({ user: 'admin', password: product.adminPassword, path });

test('a provider is tested before and after it is applied, and says what is wrong', async () => {
  const { page, open, complaints } = await atUi(browser, product, admin('/ui/admin/providers/one?name=corp'));
  const pressTest = (): Promise<void> => page.getByRole('button', { name: 'Test', exact: true }).click();
  await pressTest();
  const wrong = page.getByRole('region', { name: 'One thing is wrong' });
  await wrong.getByText('the searching account is refused').waitFor();
  await expectNoBarriers(page, 'what is wrong with a provider');
  await page.getByLabel('Bind password').fill(openLdapBases.bindPassword);
  await wrong.getByText('The settings were changed since').waitFor();
  await pressTest();
  const right = page.getByRole('region', { name: /^(All is right|It works)/ });
  await right.getByText('the searching account is let in').waitFor();
  expect(await right.textContent()).not.toContain(openLdapBases.bindPassword);
  expect(
    (await product.cli(['audit', 'events', '--format', 'json', '--type', 'IdentityProviderTested'])).stdout,
  ).toMatch(/custody[^]*given/);

  // What is in custody goes to no other address, which the field says.
  await page.getByLabel('Bind password').fill('');
  await page.getByRole('textbox', { name: 'Bind DN' }).fill('cn=other');
  await pressTest();
  await page.getByText('what is in custody is shown to nobody but whom it is for').waitFor();

  // One that does not stand yet, by its YAML.
  await page.setViewportSize({ width: 390, height: 844 });
  await open('/ui/admin/providers/new?tab=yaml');
  const unreachable = providerDocument('next', openLdapSpec(slapd, { urls: ['ldaps://127.0.0.1:1'] }));
  await page.getByRole('textbox', { name: 'YAML' }).fill(unreachable);
  await pressTest();
  await page.getByText('cannot be asked').waitFor();
  await expectNoBarriers(page, 'a provider that is not reached');
  await expectFits(page, 'a provider that is not reached');
  expect((await product.cli(['get', 'IdentityProvider'])).stdout).not.toContain('next');
  expect(complaints).toEqual([]);
});
