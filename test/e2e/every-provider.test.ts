import { afterAll, beforeAll, expect, it } from 'vitest';
import { serviceMetadata } from '../../src/adapters/saml/node-saml.ts';
import { Api } from '../../src/client/api.ts';
import { type OidcProviderServer, startOidcProvider } from '../kit/oidc-provider.ts';
import { launchOpenLdap, type OpenLdap } from '../kit/openldap.ts';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { launchPostgresServer, type PostgresServer } from '../kit/postgres-server.ts';
import { oidcSpec, openLdapSpec, providerDocument as provider } from '../kit/provider-specs.ts';
import { type SamlIdp, startSamlIdp } from '../kit/saml-idp.ts';
import { installationOf, type Person, withBearer } from './person.ts';
import { postgresResources, psql } from './postgres/database.ts';
import { launchProduct, type Product, ssh, sshdResources } from './product.ts';

const base = 'ou=people,dc=peer,dc=test';
const ldif = `dn: uid=nora,${base}\nobjectClass: inetOrgPerson\nuid: nora\ncn: nora\nsn: nora\nuserPassword: pw-nora`;

let sshd: Sshd;
let database: PostgresServer;
let product: Product;
let slapd: OpenLdap;
let company: OidcProviderServer;
let federation: SamlIdp;

beforeAll(async () => {
  [sshd, database, product, slapd] = await Promise.all([
    launchSshd(),
    launchPostgresServer(),
    launchProduct(),
    launchOpenLdap({ ldif }),
  ]);
  const here = `https://localhost:${String(product.webPort)}`;
  company = await startOidcProvider({
    accounts: { 'n-1': { password: 'pw-nora', claims: { preferred_username: 'nora.n' } } },
    redirectUri: `${here}/auth/callback/company`,
    postLogoutRedirectUri: `${here}/`,
  });
  const entityId = `${here}/auth/saml/federation/metadata`;
  federation = await startSamlIdp({
    service: serviceMetadata({ entityId, callbackUrl: `${here}/auth/callback/federation` }),
    people: { nora: { nameId: 'p-7f3a', attributes: { uid: ['noranora'] } } },
  });
  const documents = [
    provider('directory', openLdapSpec(slapd)),
    provider('company', oidcSpec(company, { scopes: ['profile'] })),
    provider('federation', { type: 'saml', metadata: await federation.metadata(), claims: { username: 'uid' } }),
    sshdResources(sshd),
    postgresResources(database),
  ];
  await product.cli(['apply', '-f', '-'], { input: documents.join('\n---\n') });
}, 240_000);

afterAll(async () => {
  await company?.stop();
  await federation?.close();
  await slapd?.stop();
  await product?.stop();
  await database?.stop();
  await sshd?.stop();
});

interface Started {
  readonly authenticationId: string;
  readonly challenges: readonly { readonly mechanisms: readonly { readonly id: string }[] }[];
}

type Answered = { readonly status: string; readonly bearer?: string; readonly user?: { readonly name: string } };

const doors = {
  directory: async () => 'pw-nora',
  company: async (redirect: string) => ({ url: await company.login(redirect, 'n-1', 'pw-nora'), fields: {} }),
  federation: async (redirect: string) => {
    const { action, fields } = await federation.logIn(redirect, 'nora');
    return { url: action, fields };
  },
};
type Door = keyof typeof doors;

/** nora at one provider, from the start to the answer; with `bearer`, to link what she is there. */
async function shows(name: Door, bearer: string | null): Promise<Answered> {
  const api = new Api(installationOf(product), bearer ?? '');
  const wish = { provider: name, user: name === 'directory' ? 'nora' : null, door: 'cli' };
  const started = await api.rest<Started>('POST', bearer === null ? '/auth/start' : '/auth/link', wish);
  const attempt = { authenticationId: started.authenticationId, mechanismId: started.challenges[0]?.mechanisms[0]?.id };
  if (name === 'directory') return api.rest('POST', '/auth/advance', { ...attempt, answer: 'pw-nora', door: 'cli' });
  const begun = await api.rest<{ redirect: string; round: string }>('POST', '/auth/begin', attempt);
  const answer = await doors[name](begun.redirect);
  return api.rest('POST', '/auth/advance', { ...attempt, answer, round: begun.round, door: 'cli' });
}

async function loggedIn(name: Door): Promise<Person> {
  const { status, bearer, user } = await shows(name, null);
  expect([name, status, user?.name]).toEqual([name, 'success', 'nora']);
  return withBearer(product, bearer ?? '');
}

it('one person logs in through a directory, OpenID Connect and SAML, and opens sessions by SSH and PostgreSQL', async () => {
  const first = await loggedIn('directory');
  for (const name of ['company', 'federation'] as const) {
    expect(await shows(name, first.bearer)).toMatchObject({ status: 'shown', purpose: 'link' });
  }
  for (const name of ['directory', 'company', 'federation'] as const) {
    const nora = await loggedIn(name);
    const token = await nora.token();
    const session = await ssh(product, 'nora~box', token.secret, ['echo', name]);
    expect(session).toMatchObject({ code: 0, stdout: `${name}\n` });
    const asked = await psql(product, 'nora~app', token.secret, ['-c', 'select 6 * 7']);
    expect(asked).toMatchObject({ code: 0, stdout: '42\n' });
  }
  const { identities } = await new Api(installationOf(product), first.bearer).rest<{
    identities: readonly { readonly provider: string; readonly username: string }[];
  }>('GET', '/auth/identities');
  expect(identities.map(({ provider: at, username }) => `${at}: ${username}`).sort()).toEqual([
    'company: nora.n',
    'directory: nora',
    'federation: noranora',
  ]);
}, 180_000);

it('doctor asks all three about the address that the running process has, whatever the shell it is called in has set', async () => {
  const found = await product.json<{ check: string; state: string; message: string }[]>(['doctor']);
  expect(found.filter(({ state }) => state === 'problem')).toEqual([]);
  expect(found).toContainEqual(
    expect.objectContaining({
      check: 'provider company, redirect address',
      message: `https://localhost:${String(product.webPort)}/auth/callback/company is taken`,
    }),
  );
}, 60_000);

it('with several directories, who names none is told that one has to be named', async () => {
  const asNora = { user: 'nora', password: 'pw-nora' };
  expect((await product.cli(['status'], asNora)).stdout).toContain('logged in by directory');
  await product.cli(['apply', '-f', '-'], { input: provider('second', openLdapSpec(slapd)) });
  const { stderr } = await product.cli(['status'], { ...asNora, code: 1 });
  expect(stderr).toContain('`sallyport login --user NAME` with --provider directory or --provider second');
}, 60_000);
