import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serviceMetadata } from '../../src/adapters/saml/node-saml.ts';
import { launchOpenLdap, type OpenLdap } from '../kit/openldap.ts';
import { type OidcProviderServer, startOidcProvider } from '../kit/oidc-provider.ts';
import { launchSambaAd, type SambaAd } from '../kit/samba-ad.ts';
import { type SamlIdp, startSamlIdp } from '../kit/saml-idp.ts';
import { activeDirectorySpec, oidcSpec, openLdapSpec, providerDocument as provider } from '../kit/provider-specs.ts';
import { providersRig, publicUrl } from './identity-providers-kit.ts';

const callback = (name: string): string => `${publicUrl}/auth/callback/${name}`;

describe('ldap', () => {
  let slapd: OpenLdap;
  beforeAll(async () => {
    slapd = await launchOpenLdap({
      ldif: [
        'dn: uid=alice,ou=people,dc=peer,dc=test\nobjectClass: inetOrgPerson\nuid: alice\ncn: alice\nsn: alice\nmail: alice@peer.test\nuserPassword: pw-alice',
        'dn: cn=ops,ou=groups,dc=peer,dc=test\nobjectClass: groupOfNames\ncn: ops\nmember: uid=alice,ou=people,dc=peer,dc=test',
      ].join('\n\n'),
    });
  });
  afterAll(async () => await slapd?.stop());

  const spec = (changes: object = {}): object => openLdapSpec(slapd, changes);

  test('one document sets it up, and what changes counts from the next call', async () => {
    const rig = await providersRig();
    expect(await rig.applied(provider('corp', spec()))).toEqual(['created']);
    expect(await rig.providers.list()).toEqual([{ name: 'corp', type: 'ldap', createsUsers: true }]);
    const directory = await rig.providers.directory('corp');
    expect(await directory?.check('alice', 'pw-alice')).toMatchObject({
      ok: true,
      identity: { provider: 'corp', username: 'alice', email: 'alice@peer.test', groups: ['ops'], standing: 'active' },
    });
    expect(await rig.providers.directory('corp')).toBe(directory);
    expect([await rig.providers.redirect('corp'), await rig.providers.serviceMetadata('corp')]).toEqual([null, null]);

    await rig.applied(provider('corp', spec({ claims: { username: 'mail' }, createUsers: false })));
    const changed = await rig.providers.directory('corp');
    expect(await changed?.check('alice', 'pw-alice')).toMatchObject({ identity: { username: 'alice@peer.test' } });
    expect(await rig.providers.list()).toEqual([{ name: 'corp', type: 'ldap', createsUsers: false }]);
    // What was made of the earlier version is closed.
    expect(await directory?.check('alice', 'pw-alice')).toMatchObject({ ok: false, reason: 'unavailable' });

    await rig.applied(provider('corp', spec({ disabled: true })));
    expect([await rig.providers.list(), await rig.providers.directory('corp')]).toEqual([[], null]);
    await rig.applied(provider('corp', spec()));
    expect(await rig.providers.directory('corp')).not.toBeNull();
    expect(await rig.remove('corp')).toMatchObject({ ok: true });
    expect([await rig.providers.list(), await rig.providers.directory('corp')]).toEqual([[], null]);
  });

  test('the bind password is never shown again, and changes with --set-secrets alone', async () => {
    const rig = await providersRig();
    await rig.applied(provider('corp', spec({ bindPassword: 'canary-bind-password' })));
    const failing = await (await rig.providers.directory('corp'))?.check('alice', 'pw-alice');
    expect(failing).toMatchObject({
      ok: false,
      reason: 'unavailable',
      detail: expect.stringContaining('bindPassword'),
    });
    const events = await rig.node.tools.log.readAll({ after: null, limit: 1_000 });
    const seen = JSON.stringify([failing, events, await rig.get('corp')]);
    expect(seen).not.toContain('canary-bind-password');
    for (const entry of readdirSync(rig.folder, { recursive: true, withFileTypes: true })) {
      if (entry.isFile())
        expect(readFileSync(join(entry.parentPath, entry.name)).includes('canary-bind-password')).toBe(false);
    }
    expect(await rig.applied(provider('corp', spec()))).toEqual(['unchanged']);
    expect(await rig.applied(provider('corp', spec()), true)).toEqual(['changed']);
    expect(await (await rig.providers.directory('corp'))?.check('alice', 'pw-alice')).toMatchObject({ ok: true });
  });

  test('what is shown can be applied again and changes nothing', async () => {
    const rig = await providersRig();
    await rig.applied(
      provider(
        'corp',
        spec({ userFilter: '(mail={username})', claims: { groups: 'cn', attributes: { alias: 'mail' } } }),
      ),
    );
    expect(await (await rig.providers.directory('corp'))?.check('alice@peer.test', 'pw-alice')).toMatchObject({
      identity: { attributes: { alias: ['alice@peer.test'] } },
    });
    expect(await rig.applied(JSON.stringify((await rig.get('corp'))[0]))).toEqual(['unchanged']);
  });

  test('a port of our own is refused at once, and when a name comes to lead there later', async () => {
    const port = Number(new URL(slapd.url.replace('ldaps', 'https')).port);
    const strict = await providersRig([port]);
    expect(await strict.problems(provider('corp', spec()))).toEqual([
      'spec.urls[0]: leads back to a port of this installation',
    ]);
    let leadsToUs = false;
    const rebound = await providersRig([], async () => ({
      addresses: [{ address: '127.0.0.1', family: 4 }],
      leadsToUs,
    }));
    await rebound.applied(provider('corp', spec()));
    leadsToUs = true;
    expect(await (await rebound.providers.directory('corp'))?.check('alice', 'pw-alice')).toMatchObject({
      ok: false,
      reason: 'untrusted',
      detail: expect.stringContaining('leads back to a port of this installation'),
    });
  });
});

describe('Active Directory', () => {
  let ad: SambaAd;
  beforeAll(async () => {
    ad = await launchSambaAd();
    await ad.addGroup('ops', [await ad.addUser('alice', 'Right-Passw0rd!')]);
  });
  afterAll(async () => await ad?.stop());

  test('one document sets it up', async () => {
    const rig = await providersRig();
    await rig.applied(provider('ad', activeDirectorySpec(ad)));
    expect(await (await rig.providers.directory('ad'))?.check('alice@ad.test', 'Right-Passw0rd!')).toMatchObject({
      ok: true,
      identity: { provider: 'ad', username: 'alice', groups: expect.arrayContaining(['ops']) },
    });
  });
});

describe('oidc', () => {
  let peer: OidcProviderServer;
  beforeAll(async () => {
    peer = await startOidcProvider({
      accounts: { 'a1-b2': { password: 'pw', claims: { preferred_username: 'alice', groups: ['ops'] } } },
      redirectUri: callback('company'),
      postLogoutRedirectUri: `${publicUrl}/auth/login`,
    });
  });
  afterAll(async () => await peer?.stop());

  const spec = (changes: object = {}): object => oidcSpec(peer, { scopes: ['profile', 'groups'], ...changes });

  test('one document sets it up, with our redirect address', async () => {
    const rig = await providersRig();
    await rig.applied(provider('company', spec()));
    const redirect = await rig.providers.redirect('company');
    const begun = await redirect!.begin();
    expect(new URL(begun.url).searchParams.get('redirect_uri')).toBe(callback('company'));
    const url = await peer.login(begun.url, 'a1-b2', 'pw');
    expect(await redirect!.finish({ url, fields: {} }, begun.pending)).toMatchObject({
      ok: true,
      identity: { provider: 'company', subject: 'a1-b2', username: 'alice', groups: ['ops'] },
    });
    expect(await rig.providers.redirect('company')).toBe(redirect);
    expect(await rig.providers.directory('company')).toBeNull();
    expect(await redirect!.logout('a1-b2')).toContain(encodeURIComponent(`${publicUrl}/auth/login`));
    expect(JSON.stringify(await rig.get('company'))).not.toContain(peer.clientSecret);
  });

  test('the algorithm that is declared is the only one that is believed', async () => {
    const rig = await providersRig();
    await rig.applied(provider('company', spec({ algorithm: 'ES256' })));
    const redirect = await rig.providers.redirect('company');
    const begun = await redirect!.begin();
    const url = await peer.login(begun.url, 'a1-b2', 'pw');
    expect(await redirect!.finish({ url, fields: {} }, begun.pending)).toMatchObject({
      ok: false,
      reason: 'untrusted',
    });
  });
});

describe('saml', () => {
  let idp: SamlIdp;
  beforeAll(async () => {
    const us = { entityId: `${publicUrl}/auth/saml/company/metadata`, callbackUrl: callback('company') };
    const people = { mary: { nameId: 'p-7f3a', attributes: { uid: ['mary'], memberOf: ['dba'] } } };
    idp = await startSamlIdp({ service: serviceMetadata(us), people });
  });
  afterAll(async () => await idp?.close());

  const spec = (metadata: string): object => ({
    type: 'saml',
    metadata,
    claims: { username: 'uid', groups: 'memberOf' },
    tls: { ca: idp.ca },
  });
  type Rig = Awaited<ReturnType<typeof providersRig>>;
  const logIn = async (providers: Rig['providers']) => {
    const redirect = await providers.redirect('company');
    const { url, pending } = await redirect!.begin();
    const { action, fields } = await idp.logIn(url, 'mary');
    return await redirect!.finish({ url: action, fields }, pending);
  };
  const mary = { ok: true, identity: { provider: 'company', subject: 'p-7f3a', username: 'mary', groups: ['dba'] } };

  test('one document with the metadata sets it up, and ours is there for the provider', async () => {
    const rig = await providersRig();
    await rig.applied(provider('company', spec(await idp.metadata())));
    expect(await logIn(rig.providers)).toMatchObject(mary);
    const ours = await rig.providers.serviceMetadata('company');
    expect(ours).toContain(`entityID="${publicUrl}/auth/saml/company/metadata"`);
    expect(ours).toContain(`Location="${callback('company')}"`);
  });

  test('metadata by address: the last good copy outlives the address and a restart, and another address asks anew', async () => {
    const rig = await providersRig();
    const kept = `${idp.origin}/metadata`;
    await rig.applied(provider('company', spec(kept)));
    expect(await logIn(rig.providers)).toMatchObject(mary);
    await rig.providers.close();
    rig.nobodyAnswers();
    const gone = await rig.reopened();
    expect(await logIn(gone)).toMatchObject(mary);
    expect(rig.warnings).toHaveLength(1);
    await rig.applied(provider('company', spec(kept.replace('/metadata', '/nothing-here'))));
    await expect((await gone.redirect('company'))!.begin()).rejects.toMatchObject({ kind: 'unavailable' });
    // The copy goes with the provider, at the next start.
    expect(await rig.node.custody.vault.list('metadata-')).toHaveLength(1);
    await rig.remove('company');
    await rig.reopened();
    expect(await rig.node.custody.vault.list('metadata-')).toEqual([]);
  });
});

test('metadata and issuers at a port of our own are refused, and never asked', async () => {
  const rig = await providersRig([9443]);
  const ours = 'leads back to a port of this installation';
  expect(
    await rig.problems(
      [
        provider('a', { type: 'oidc', issuer: 'https://localhost:9443/realm', clientId: 'x' }),
        provider('b', { type: 'saml', metadata: 'https://[::1]:9443/metadata' }),
        provider('c', {
          type: 'ldap',
          urls: ['ldaps://dc.test', 'ldap://127.0.0.2:9443'],
          bindDn: 'x',
          bindPassword: 'y',
          userBase: 'z',
        }),
      ].join('---\n'),
    ),
  ).toEqual([`spec.issuer: ${ours}`, `spec.metadata: ${ours}`, `spec.urls[1]: ${ours}`]);
});

const ldap = { type: 'ldap', urls: ['ldaps://dc.test'], bindDn: 'x', bindPassword: 'canary', userBase: 'z' };

test.each([
  [{}, ['spec.type: is missing']],
  [{ type: 'kerberos' }, ['spec.type: must be one of oidc, saml, ldap']],
  [{ type: 'oidc' }, ['spec.issuer: is missing', 'spec.clientId: is missing']],
  [
    { type: 'oidc', issuer: 'http://idp.test', clientId: 'x' },
    [expect.stringMatching(/^spec.issuer: .*https address/)],
  ],
  [
    { type: 'oidc', issuer: 'https://idp.test', clientId: 'x', algorithm: 'HS256' },
    [expect.stringMatching(/^spec.algorithm: must be one of RS256/)],
  ],
  [
    { type: 'oidc', issuer: 'https://idp.test', clientId: 'x', bindPassword: 'canary', metadta: 1 },
    ['spec.bindPassword: belongs to type ldap', expect.stringMatching(/^spec.metadta: is unknown here/)],
  ],
  [{ type: 'saml' }, ['spec.metadata: is missing']],
  [{ type: 'saml', metadata: 'http://idp.test/metadata' }, [expect.stringMatching(/^spec.metadata: .*https address/)]],
  [
    { type: 'saml', metadata: '<EntityDescriptor/>' },
    [expect.stringMatching(/^spec.metadata: The metadata of the SAML provider cannot be used/)],
  ],
  [{ ...ldap, urls: ['http://dc.test'] }, [expect.stringMatching(/^spec.urls: /)]],
  [{ ...ldap, urls: ['ldaps://dc.test:99999'] }, [expect.stringMatching(/^spec.urls\[0\]: /)]],
  [{ ...ldap, bindPassword: '' }, ['spec.bindPassword: must not be empty']],
  [{ ...ldap, bindPassword: undefined }, [expect.stringMatching(/^spec: bindPassword is missing/)]],
  [{ ...ldap, userFilter: '(uid={username}' }, [expect.stringMatching(/^spec.userFilter: .*RFC 4515/)]],
  [{ ...ldap, userFilter: '(uid=alice)' }, [expect.stringMatching(/^spec.userFilter: .*needs \{username\}/)]],
  [{ ...ldap, groupFilter: '(member=x{dn})' }, [expect.stringMatching(/^spec.groupFilter: .*needs \{dn\}/)]],
  [{ ...ldap, tls: { ca: 'text' } }, [expect.stringMatching(/^spec.tls.ca: holds no certificate/)]],
  [{ ...ldap, claims: { attributes: ['ou'] } }, ['spec.claims.attributes: must be a map of attributes']],
  [{ ...ldap, claims: { attributes: { 'a-b': 'ou' } } }, [expect.stringMatching(/^spec.claims.attributes.*no name/)]],
  [{ ...ldap, claims: { attributes: { ou: '' } } }, ['spec.claims.attributes.ou: must not be empty']],
  [
    { ...ldap, claims: { attributes: Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`a${at}`, 'ou'])) } },
    ['spec.claims.attributes: has more than 20 attributes'],
  ],
  [{ ...ldap, claims: { name: 'uid' } }, ['spec.claims.name: is unknown here; did you mean username?']],
])('%j is refused by its field', async (spec, expected) => {
  const rig = await providersRig();
  const problems = await rig.problems(provider('corp', spec));
  expect(problems).toEqual(expected);
  expect(problems.join()).not.toContain('canary');
});

test.each(['local', 'a b', 'x/y'])('no provider is called %j', async (name) => {
  const rig = await providersRig();
  expect(await rig.problems(provider(name, ldap))).toEqual([expect.stringMatching(/^metadata.name: /)]);
});

test('a name that was another provider is not taken again, since people are known by it', async () => {
  const rig = await providersRig();
  const oidc = { type: 'oidc', issuer: 'https://192.0.2.1', clientId: 'x' };
  await rig.applied(provider('corp', oidc));
  const moved = { ...oidc, issuer: 'https://192.0.2.2' };
  expect(await rig.problems(provider('corp', moved))).toEqual([expect.stringMatching(/^spec.issuer: /)]);
  await rig.remove('corp');
  expect(await rig.problems(provider('corp', moved))).toEqual([
    expect.stringMatching(/^metadata.name: was the name of/),
  ]);
  expect(await rig.problems(provider('corp', { ...ldap, urls: ['ldaps://192.0.2.1'] }))).toEqual([
    expect.stringMatching(/^metadata.name: was the name of/),
  ]);
  expect(await rig.applied(provider('corp', { ...oidc, clientId: 'y' }))).toEqual(['created']);
});

test('a SAML provider stays the entity that it is', async () => {
  const rig = await providersRig();
  const idp = await startSamlIdp({
    service: serviceMetadata({ entityId: publicUrl, callbackUrl: callback('corp') }),
    people: {},
  });
  const metadata = await idp.metadata().finally(async () => await idp.close());
  await rig.applied(provider('corp', { type: 'saml', metadata }));
  const other = metadata.replace(/entityID="[^"]*"/, 'entityID="https://other.example"');
  expect(await rig.problems(provider('corp', { type: 'saml', metadata: other }))).toEqual([
    expect.stringMatching(/^metadata.name: was the name of/),
  ]);
});

test('a type stays what it is', async () => {
  const rig = await providersRig();
  await rig.applied(provider('corp', ldap));
  const oidc = { type: 'oidc', issuer: 'https://idp.test', clientId: 'x' };
  expect(await rig.problems(provider('corp', oidc))).toEqual([expect.stringMatching(/^spec.type: .*make a new one/)]);
});
