import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exchange } from '../../../src/client/http.ts';
import { startChromium } from '../../kit/chromium.ts';
import { type OidcProviderServer, startOidcProvider } from '../../kit/oidc-provider.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { runProcess } from '../../kit/process.ts';
import { activeDirectorySpec, oidcSpec, providerDocument } from '../../kit/provider-specs.ts';
import { startTerminal } from '../../kit/pty.ts';
import { launchSambaAd, type SambaAd } from '../../kit/samba-ad.ts';
import { type SamlIdp, startSamlIdp } from '../../kit/saml-idp.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';
import { installationOf, logIn } from '../person.ts';
import { postgresResources, psql } from '../postgres/database.ts';
import { launchProduct, type Product, ssh, sshdResources, type Token } from '../product.ts';
import { arrive, newVisitor, originOf, press, type Visitor } from './browser-kit.ts';

const password = 'Right-Passw0rd!';
let ad: SambaAd;
let oidc: OidcProviderServer;
let saml: SamlIdp;
let sshd: Sshd;
let database: PostgresServer;
let product: Product;
let browser: Browser;
let home: ReturnType<typeof makeTempDir>;

beforeAll(async () => {
  home = makeTempDir();
  [ad, sshd, database, product] = await Promise.all([
    launchSambaAd(),
    launchSshd(),
    launchPostgresServer(),
    launchProduct(),
  ]);
  await ad.addUser('nora', password);
  const service = { metadata: '' };
  [oidc, saml] = await Promise.all([
    startOidcProvider({
      accounts: { 'n-1': { password, claims: { preferred_username: 'nora.n' } } },
      redirectUri: `${originOf(product)}/auth/callback/company`,
      postLogoutRedirectUri: `${originOf(product)}/auth/login`,
    }),
    startSamlIdp({
      get service() {
        return service.metadata;
      },
      people: { nora: { nameId: 'p-7f3a', attributes: { uid: ['noranora'] } } },
    }),
  ]);
  const documents = [
    providerDocument('corp', activeDirectorySpec(ad)),
    providerDocument('company', oidcSpec(oidc, { scopes: ['profile'] })),
    providerDocument('campus', { type: 'saml', metadata: await saml.metadata(), claims: { username: 'uid' } }),
    sshdResources(sshd),
    postgresResources(database),
  ];
  await (await logIn(product)).apply(documents.join('\n---\n'));
  const metadata = { method: 'GET', path: '/auth/saml/campus/metadata' } as const;
  service.metadata = (await exchange(installationOf(product), metadata)).text;
  browser = await startChromium([
    product.webPort,
    Number(new URL(oidc.issuer).port),
    Number(new URL(saml.origin).port),
  ]);
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await Promise.all([oidc?.stop(), saml?.close(), product?.stop()]);
  await Promise.all([database?.stop(), sshd?.stop(), ad?.stop()]);
  home?.remove();
});

/** What somebody does at a provider's own page. */
const there = {
  company: async ({ page }: Visitor): Promise<void> => {
    await page.getByLabel('subject').fill('n-1');
    await page.getByLabel('password').fill(password);
    await page.getByRole('button').click();
  },
  campus: async ({ page }: Visitor): Promise<void> => {
    await page.locator('input[name=username]').fill('nora');
    await page.getByRole('button').click();
    await page.getByRole('button', { name: 'Continue' }).click();
  },
};

const ways = {
  corp: async (nora: Visitor): Promise<void> => nora.logIn('nora', password),
  company: async (nora: Visitor): Promise<void> => {
    await nora.open('/auth/login?to=account');
    await press(nora, 'Continue with company');
    await there.company(nora);
  },
  campus: async (nora: Visitor): Promise<void> => {
    await nora.open('/auth/login?to=account');
    await press(nora, 'Continue with campus');
    await there.campus(nora);
  },
};

async function inBrowser(provider: keyof typeof ways): Promise<Visitor> {
  const nora = await newVisitor(browser, product);
  await ways[provider](nora);
  await arrive(nora, '/auth/account');
  expect(await nora.page.locator('.lead').textContent()).toContain('nora');
  return nora;
}

/** `sallyport login` at a terminal, confirmed in her browser. */
async function atTerminal(nora: Visitor): Promise<void> {
  const { command, args } = product.cliCommand(['login']);
  const terminal = startTerminal(command, args, { columns: 160, rows: 24, env: environment() });
  await terminal.shows(/user_code=[A-Z]{4}-[A-Z]{4}/);
  await nora.open(/\/auth\/device\?user_code=[A-Z]{4}-[A-Z]{4}/.exec(terminal.output())?.[0] ?? '');
  await press(nora, 'Yes, log me in there');
  expect(await terminal.exited).toMatchObject({ code: 0 });
  expect(terminal.output()).toContain('Logged in as nora');
}

const environment = (): Record<string, string> => ({ PATH: process.env.PATH ?? '', HOME: home.path });

async function json<T>(...words: readonly string[]): Promise<T> {
  const { command, args } = product.cliCommand([...words, '--format', 'json']);
  const { stdout, stderr } = await runProcess(command, args, { env: environment() });
  expect(stderr).not.toContain('sallyport:');
  return JSON.parse(stdout) as T;
}

test('one person logs in by each provider, in a browser and with `sallyport login`, and opens SSH and PostgreSQL sessions', async () => {
  const first = await inBrowser('corp');
  for (const provider of ['company', 'campus'] as const) {
    await press(first, `Link ${provider}`);
    await there[provider](first);
    await arrive(first, '/auth/account');
  }
  for (const provider of ['corp', 'company', 'campus'] as const) {
    await atTerminal(await inBrowser(provider));
    expect(await json('status')).toMatchObject({ user: 'nora', provider });
    const { secret } = await json<Token>('token', 'create');
    const session = await ssh(product, 'nora~box', secret, ['echo', provider]);
    expect(session).toMatchObject({ code: 0, stdout: `${provider}\n` });
    const asked = await psql(product, 'nora~app', secret, ['-c', 'select 6 * 7']);
    expect(asked).toMatchObject({ code: 0, stdout: '42\n' });
  }
}, 240_000);
