import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { examineOidc } from '../../src/adapters/oidc/examine.ts';
import { examineSaml } from '../../src/adapters/saml/examine.ts';
import { serviceMetadata } from '../../src/adapters/saml/node-saml.ts';
import { targetResolver } from '../../src/adapters/system/own-addresses.ts';
import type { ResolveTarget } from '../../src/application/ports/system.ts';
import type { Finding } from '../../src/application/finding.ts';
import { loadConfig } from '../../src/main/config.ts';
import { checkProviders } from '../../src/main/doctor/provider-findings.ts';
import { makeTestCa, type TestCa } from '../kit/certificates.ts';
import { type OidcProviderServer, startOidcProvider } from '../kit/oidc-provider.ts';
import { launchOpenLdap, type OpenLdap } from '../kit/openldap.ts';
import { launchSambaAd, type SambaAd } from '../kit/samba-ad.ts';
import { startSecureServer } from '../kit/secure-server.ts';
import { type SamlIdp, startSamlIdp } from '../kit/saml-idp.ts';
import { activeDirectorySpec, oidcSpec, openLdapSpec, providerDocument as provider } from '../kit/provider-specs.ts';
import { providersRig, publicUrl } from './identity-providers-kit.ts';

const callback = `${publicUrl}/auth/callback/corp`;

/** `state check: message -> mend` of what doctor says of one provider. */
async function doctor(spec: object, web = publicUrl): Promise<readonly string[]> {
  const rig = await providersRig();
  await rig.applied(provider('corp', spec));
  const config = loadConfig({ file: null, environment: { SALLYPORT_PUBLIC_URL: web } });
  return (await checkProviders(rig.folder, config)).map(said);
}

function said({ state, check, message, mend }: Finding): string {
  return `${state} ${check.replace(/^provider corp, /, '')}: ${message}${mend === null ? '' : ` -> ${mend}`}`;
}

const line = (pattern: RegExp): unknown => expect.stringMatching(pattern);
const asking = { resolve: targetResolver([]), signal: new AbortController().signal };
const later = (minutes: number) => (): Date => new Date(Date.now() + minutes * 60_000);

describe('a directory', () => {
  let slapd: OpenLdap;
  beforeAll(async () => {
    slapd = await launchOpenLdap({
      ldif: 'dn: uid=alice,ou=people,dc=peer,dc=test\nobjectClass: inetOrgPerson\nuid: alice\ncn: alice\nsn: alice\nuserPassword: pw',
    });
  });
  afterAll(async () => await slapd?.stop());

  const spec = (changes: object = {}): object => openLdapSpec(slapd, changes);

  test('in which all is right, over LDAPS and StartTLS', async () => {
    const found = await doctor(spec({ urls: [slapd.url, slapd.plainUrl] }));
    expect(found.filter((each) => each.startsWith('problem'))).toEqual([]);
    for (const url of [slapd.url, slapd.plainUrl]) {
      expect(found).toEqual(
        expect.arrayContaining([
          line(/^(ok|warning) .* certificate: names 127.0.0.1, issued by CN=Directory CA/),
          `ok ${url} bind: the searching account is let in`,
          `ok ${url} userBase: is there`,
          `ok ${url} people: 1 found on the first page`,
        ]),
      );
    }
  });

  test.each([
    ['another password', { bindPassword: 'wrong' }, /^problem .* bind: .*refused .*-> .*--set-secrets/],
    [
      'another base',
      { userBase: 'ou=people,dc=nowhere' },
      /^problem .* userBase: is not there.* -> write a base that this server holds: one under dc=peer,dc=test/,
    ],
    ['another base of groups', { groupBase: 'ou=x,dc=peer,dc=test' }, /^problem .* groupBase: is not there/],
    ['no base of groups', { groupBase: undefined }, /^warning groups: are not asked for -> .*spec.groupBase/],
    [
      'a filter for nobody',
      { userFilter: '(employeeNumber={username})' },
      /^problem .* people: nobody is found -> .*userFilter/,
    ],
    [
      'an attribute that nobody has',
      { claims: { username: 'mail' } },
      /^problem .* people: .*no mail .*-> .*spec.claims/,
    ],
    [
      'no CA',
      { tls: {} },
      /^problem .* certificate: is issued by CN=Directory CA, which is not trusted -> name its CA in spec.tls.ca/,
    ],
    [
      'a server that is not there',
      { urls: ['ldaps://127.0.0.1:1'] },
      /^problem ldaps:\/\/127.0.0.1:1: cannot be asked: .*ECONNREFUSED/,
    ],
  ])('with %s', async (_what, changes, expected) => {
    expect(await doctor(spec(changes))).toContainEqual(line(expected));
  });

  test('with the CA of somebody else, or under another name', async () => {
    const other = await makeTestCa('Other CA');
    expect(await doctor(spec({ tls: { ca: other.pem } }))).toContainEqual(
      line(/certificate: is issued by CN=Directory CA, which is not trusted -> put the certificate of this CA/),
    );
    const named = await launchOpenLdap({ ldif: '', names: ['dc9.test'] });
    try {
      expect(await doctor(spec({ urls: [named.plainUrl], tls: { ca: named.ca.pem } }))).toContainEqual(
        line(/^problem .* certificate: is for DNS:dc9.test, not for 127.0.0.1 -> /),
      );
    } finally {
      await named.stop();
    }
  });
});

describe('Active Directory', () => {
  let ad: SambaAd;
  beforeAll(async () => {
    ad = await launchSambaAd();
  });
  afterAll(async () => await ad?.stop());

  test('tells its time, too', async () => {
    const found = await doctor(activeDirectorySpec(ad));
    expect(found.filter((each) => each.startsWith('problem'))).toEqual([]);
    expect(found).toContain(`ok ${ad.url} clock: is within 60 s of ours`);
  });

  test('tells why it does not let somebody in', async () => {
    const spec = { type: 'ldap', urls: [ad.url], bindDn: ad.adminUpn, userBase: ad.base, tls: { ca: ad.ca.pem } };
    expect(await doctor({ ...spec, bindPassword: 'wrong' })).toContainEqual(
      line(/^problem .* bind: the searching account is refused \(bind result 49, data 52e\) -> /),
    );
  });
});

describe('OpenID Connect', () => {
  let peer: OidcProviderServer;
  beforeAll(async () => {
    peer = await startOidcProvider({
      accounts: {},
      redirectUri: callback,
      postLogoutRedirectUri: `${publicUrl}/auth/login`,
    });
  });
  afterAll(async () => await peer?.stop());

  const spec = (changes: object = {}): object => oidcSpec(peer, { scopes: ['profile', 'email', 'groups'], ...changes });

  test('in which all is right', async () => {
    const found = await doctor(spec());
    expect(found.filter((each) => each.startsWith('problem'))).toEqual([]);
    expect(found).toEqual(
      expect.arrayContaining([
        'ok clock: is within 30 s of ours',
        'ok issuer: is who it should be',
        `ok redirect address: ${callback} is taken`,
        'ok client: spec.clientId and spec.clientSecret are right',
      ]),
    );
  });

  test.each([
    ['another secret', { clientSecret: 'wrong' }, /^problem client: .*refuses this client.* -> .*--set-secrets/],
    ['another algorithm', { algorithm: 'PS512' }, /^problem algorithm: PS512 is none the provider signs with -> /],
    ['a claim nobody names', { claims: { username: 'nick' } }, /^warning claims: the provider does not name nick -> /],
    ['a scope nobody names', { scopes: ['profile', 'x'] }, /^warning scopes: the provider does not name x -> /],
    ['no CA', { tls: {} }, /^problem certificate: is issued by CN=OIDC CA, which is not trusted -> /],
    ['another client', { clientId: 'other' }, /^problem redirect address: a login there is refused \(status 400\)/],
  ])('with %s', async (_what, changes, expected) => {
    expect(await doctor(spec(changes))).toContainEqual(line(expected));
  });

  test('with another address of ours than the one registered there', async () => {
    expect(await doctor(spec(), 'https://other.example')).toContainEqual(
      line(/^problem redirect address: .* -> register https:\/\/other.example\/auth\/callback\/corp at the provider/),
    );
    expect(await doctor(spec(), 'https://localhost:8443')).toContainEqual(
      line(/^warning public address: .*this machine alone -> set publicNames or publicUrl/),
    );
  });

  test('with an issuer of nearly that name', async () => {
    expect(await doctor(spec({ issuer: `${peer.issuer}/` }))).toContainEqual(
      line(/^problem issuer: calls itself https:\/\/localhost:\d+ -> write spec.issuer/),
    );
    expect(await doctor(spec({ issuer: `${peer.issuer}/realm` }))).toContainEqual(
      line(/^problem issuer: has no discovery document \(status 404\)/),
    );
  });

  test('with a clock that is off, and a certificate that ends', async () => {
    const { issuer, ca, clientId, clientSecret } = peer;
    const postLogoutRedirectUri = `${publicUrl}/auth/login`;
    const settings = {
      name: 'corp',
      issuer,
      clientId,
      clientSecret,
      scopes: [],
      claims: {},
      ca,
      redirectUri: callback,
    };
    const found = await examineOidc({ ...settings, postLogoutRedirectUri }, { ...asking, now: later(10) });
    expect(found.map(said)).toContainEqual(
      line(/^problem clock: is (599|6[0-5]\d) s behind ours -> set both clocks by NTP/),
    );
    expect(found.map(said)).toContainEqual(line(/^warning certificate: .* -> have it renewed/));
  });
});

describe('SAML', () => {
  let idp: SamlIdp;
  let ca: TestCa;
  const us = { entityId: `${publicUrl}/auth/saml/corp/metadata`, callbackUrl: callback };
  beforeAll(async () => {
    ca = await makeTestCa();
    idp = await startSamlIdp({ service: serviceMetadata(us), people: {} });
  });
  afterAll(async () => await idp?.close());

  const spec = (changes: object = {}): object => ({
    type: 'saml',
    metadata: `${idp.origin}/metadata`,
    claims: { username: 'uid' },
    tls: { ca: idp.ca },
    ...changes,
  });

  test('in which all is right', async () => {
    const found = await doctor(spec());
    expect(found.filter((each) => each.startsWith('problem'))).toEqual([]);
    expect(found).toEqual(
      expect.arrayContaining([
        line(/^ok metadata: is of https:.* with 1 certificate/),
        line(/^ok claims: .*: uid; /),
        line(/^ok redirect address: /),
      ]),
    );
  });

  test.each([
    [
      'no metadata there',
      () => ({ metadata: `${idp.origin}/nothing` }),
      /^problem metadata: .*status 400.* -> mend spec.metadata/,
    ],
    ['no CA', () => ({ tls: {} }), /^problem metadata: .*cannot be read \(\w*(CERT|SIGNATURE)\w*\)/],
  ])('with %s', async (_what, changes, expected) => {
    expect(await doctor(spec(changes()))).toContainEqual(line(expected));
  });

  test('with fetched metadata that names a login page inside by another host, which is not asked', async () => {
    const metadata = (await idp.metadata()).replaceAll(idp.origin, idp.origin.replace('127.0.0.1', 'localhost'));
    const server = await startSecureServer(await ca.certify(), (_request, response) => response.end(metadata));
    try {
      const at = `https://127.0.0.1:${String(server.port)}/metadata`;
      const lookups: string[] = [];
      const resolve: ResolveTarget = async (host, port) => {
        lookups.push(host);
        return await asking.resolve(host, port);
      };
      const settings = { ...us, name: 'corp', claims: { username: null, email: null, groups: null, attributes: {} } };
      const examine = async (given: string, own: string): Promise<readonly string[]> =>
        (
          await examineSaml({ settings: { ...settings, metadata: given }, ca: own, ...asking, resolve, now: later(0) })
        ).map(said);
      expect(await examine(at, ca.pem)).toContainEqual(
        line(/^problem redirect address: the metadata names https:\/\/localhost:\d+, another host than its own/),
      );
      expect(lookups).toEqual(['127.0.0.1', 'localhost']);
      expect(await examine(metadata, idp.ca)).toContainEqual(line(/^(ok|warning) redirect address: /));
    } finally {
      await server.stop();
    }
  });

  test('with metadata that has ended, and a clock that is off', async () => {
    const until = new Date(Date.now() + 300_000).toISOString();
    const metadata = (await idp.metadata()).replace('<EntityDescriptor ', `<EntityDescriptor validUntil="${until}" `);
    const settings = {
      ...us,
      name: 'corp',
      metadata,
      claims: { username: null, email: null, groups: null, attributes: {} },
    };
    const about = { settings, ca: idp.ca, ...asking };
    expect((await examineSaml({ ...about, now: later(10) })).map(said)).toContainEqual(
      line(/^problem metadata: is past its validUntil -> fetch it anew/),
    );
    expect((await examineSaml({ ...about, now: later(2) })).map(said)).toEqual(
      expect.arrayContaining([line(/^warning metadata: .*ends soon/), line(/^problem clock: is \d+ s behind ours/)]),
    );
  });
});

test('a port of our own is never asked, and what is disabled is not asked at all', async () => {
  const rig = await providersRig();
  const ldap = { type: 'ldap', bindDn: 'x', bindPassword: 'y', userBase: 'z' };
  await rig.applied(
    [
      provider('a', { type: 'oidc', issuer: 'https://localhost:7443', clientId: 'x' }),
      provider('b', { type: 'saml', metadata: 'https://localhost:7443/metadata' }),
      provider('c', { ...ldap, urls: ['ldaps://localhost:7443'] }),
      provider('d', { ...ldap, urls: ['ldaps://localhost:7443'], disabled: true }),
    ].join('---\n'),
  );
  const config = loadConfig({
    file: null,
    environment: { SALLYPORT_LISTEN_WEB: '127.0.0.1:7443', SALLYPORT_PUBLIC_URL: publicUrl },
  });
  const found = (await checkProviders(rig.folder, config)).map(said);
  expect(found.filter((each) => each.includes('leads back to a port of this installation'))).toHaveLength(3);
  expect(found).toContain('ok provider d: is disabled');
});
