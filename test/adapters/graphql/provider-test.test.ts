import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { makeTestCa } from '../../kit/certificates.ts';
import { type OidcProviderServer, startOidcProvider } from '../../kit/oidc-provider.ts';
import { launchOpenLdap, type OpenLdap } from '../../kit/openldap.ts';
import { oidcSpec, openLdapSpec, providerDocument } from '../../kit/provider-specs.ts';
import { openAdministration } from './administration-kit.ts';

let slapd: OpenLdap;
let issuer: OidcProviderServer;
beforeAll(async () => {
  [slapd, issuer] = await Promise.all([
    launchOpenLdap({
      ldif: 'dn: uid=alice,ou=people,dc=peer,dc=test\nobjectClass: inetOrgPerson\nuid: alice\ncn: alice\nsn: alice\nuserPassword: pw',
    }),
    startOidcProvider({
      accounts: {},
      redirectUri: 'https://sallyport.example/auth/callback/corp',
      postLogoutRedirectUri: 'https://sallyport.example/auth/login',
    }),
  ]);
});
afterAll(async () => {
  await slapd.stop();
  await issuer.stop();
});

const mutation =
  'mutation($input: TestProviderInput!) { testProvider(input: $input) { results { check state message mend } errors { code message line } } }';

interface Finding {
  readonly check: string;
  readonly state: 'OK' | 'WARNING' | 'PROBLEM';
  readonly message: string;
  readonly mend: string | null;
}

async function rig() {
  const { house, data, run } = await openAdministration();
  const tested = async (spec: object, name = 'corp') => {
    const { testProvider } = await data(mutation, { input: { document: providerDocument(name, spec) } });
    return testProvider as { readonly results: readonly Finding[]; readonly errors: readonly { code: string }[] };
  };
  return {
    house,
    run,
    tested,
    /** `STATE check: message` of each; an error is thrown. */
    found: async (spec: object): Promise<readonly string[]> => {
      const { results, errors } = await tested(spec);
      if (errors.length > 0) throw new Error(JSON.stringify(errors));
      return results.map(({ check, state, message }) => `${state} ${check}: ${message}`);
    },
    events: () => house.events('IdentityProviderTested'),
  };
}

const problemsOf = (found: readonly string[]): readonly string[] => found.filter((each) => each.startsWith('PROBLEM'));
const line = (pattern: RegExp): unknown => expect.stringMatching(pattern);

test('a directory is asked before its document stands, and each fault has its words', async () => {
  const { house, found, events } = await rig();
  const right = await found(openLdapSpec(slapd));
  expect(problemsOf(right)).toEqual([]);
  expect(right).toContainEqual(line(/^OK .* bind: the searching account is let in/));
  expect(right).toContainEqual(line(/^OK .* people: 1 found/));
  const wrong = 'a-wrong-password';
  const refused = await found(openLdapSpec(slapd, { bindPassword: wrong }));
  expect(problemsOf(refused)).toEqual([line(/ bind: the searching account is refused/)]);
  const other = await makeTestCa('Other CA');
  expect(problemsOf(await found(openLdapSpec(slapd, { tls: { ca: other.pem } })))).toEqual([
    line(/ certificate: is issued by CN=Directory CA, which is not trusted/),
  ]);
  expect(problemsOf(await found(openLdapSpec(slapd, { urls: ['ldaps://127.0.0.1:1'] })))).toEqual([
    line(/cannot be asked: .*ECONNREFUSED/),
  ]);
  const all = await events();
  expect(all.map(({ data }) => data)).toEqual([
    ...Array(3).fill({ name: 'corp', kind: 'ldap', addresses: [slapd.url], secret: 'given' }),
    { name: 'corp', kind: 'ldap', addresses: ['ldaps://127.0.0.1:1'], secret: 'given' },
  ]);
  expect(all[0]?.metadata.actor.kind).toBe('user');
  expect(JSON.stringify([all, refused])).not.toContain(wrong);
  // Nothing was declared by it.
  expect(await house.events('IdentityProviderDeclared')).toEqual([]);
});

test('a provider of OpenID Connect knows our address and our secret, or not', async () => {
  const { found } = await rig();
  expect(problemsOf(await found(oidcSpec(issuer)))).toEqual([]);
  expect(problemsOf(await found(oidcSpec(issuer, { clientSecret: 'another' })))).toEqual([line(/^PROBLEM client: /)]);
  const elsewhere = await makeTestCa('Other CA');
  expect(problemsOf(await found(oidcSpec(issuer, { tls: { ca: elsewhere.pem } })))).toEqual([
    line(/certificate: .*not trusted/),
  ]);
});

test('what is in custody is shown to whom it is for, and to nobody else', async () => {
  const { house, found, tested, events } = await rig();
  await house.apply(providerDocument('corp', openLdapSpec(slapd)));
  const { bindPassword: _, ...standing } = openLdapSpec(slapd) as { readonly bindPassword: string };
  expect(problemsOf(await found(standing))).toEqual([]);
  const [tested1] = await events();
  const [declared] = await house.events('IdentityProviderDeclared');
  expect(tested1?.data).toMatchObject({ secret: 'custody' });
  expect(tested1?.stream).toBe(declared?.stream);

  let met = 0;
  const thief = createServer((socket) => {
    met += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(thief, 'listening');
  onTestFinished(() => void thief.close());
  const { port } = thief.address() as { readonly port: number };
  const ca = (await makeTestCa('Other CA')).pem;
  for (const change of [
    { urls: [`ldap://127.0.0.1:${String(port)}`] },
    { urls: [slapd.url, `ldap://127.0.0.1:${String(port)}`] },
    { bindDn: 'cn=other' },
    { tls: { ca } },
  ]) {
    expect(await tested({ ...standing, ...change })).toMatchObject({
      results: [],
      errors: [{ code: 'invalid-resource', message: line(/bindPassword: what is in custody is shown to nobody/) }],
    });
  }
  expect(met).toBe(0);
  expect((await events()).length).toBe(1);
  // A filter is no receiver.
  expect(problemsOf(await found({ ...standing, userFilter: '(employeeNumber={username})' }))).toEqual([
    line(/nobody is found/),
  ]);
});

test('whatever apply would refuse is asked nowhere, and only administrators ask', async () => {
  const { tested, run, events } = await rig();
  const errorOf = async (spec: object): Promise<unknown> => (await tested(spec)).errors[0];
  expect(await errorOf(openLdapSpec(slapd, { urls: ['http://127.0.0.1'] }))).toMatchObject({ message: line(/urls/) });
  expect(await errorOf(openLdapSpec(slapd, { userFilter: '(((' }))).toMatchObject({ message: line(/userFilter/) });
  expect(await errorOf({ type: 'ldap' })).toMatchObject({ message: line(/is missing/) });
  const two = providerDocument('a', oidcSpec(issuer)) + '---\n' + providerDocument('b', oidcSpec(issuer));
  for (const document of ['', ': [', two, 'apiVersion: sallyport/v1\nkind: Group\nmetadata: {name: g}\nspec: {}']) {
    const { json } = await run(mutation, { input: { document } });
    expect(json.data.testProvider).toMatchObject({ results: [], errors: [{ code: 'invalid-resource' }] });
  }
  for (const as of ['spl_user', 'spl_auditor', 'spl_operator']) {
    const input = { document: providerDocument('corp', oidcSpec(issuer)) };
    expect((await run(mutation, { input }, as)).json.errors[0].extensions.code).toBe('denied');
  }
  expect(await events()).toEqual([]);
});
