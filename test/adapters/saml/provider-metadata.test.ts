import { expect, test } from 'vitest';
import { readProviderMetadata } from '../../../src/adapters/saml/provider-metadata.ts';
import { samlProvider } from '../../../src/adapters/saml/saml-provider.ts';
import { serviceMetadata } from '../../../src/adapters/saml/node-saml.ts';
import { SallyportError } from '../../../src/domain/kernel/errors.ts';
import { samlWorld, us } from './world.ts';

const world = samlWorld();

/** A certificate of an RSA key of 1024 bits; its key is nowhere. */
const weak1024 = [
  'MIIB/DCCAWWgAwIBAgIUIZ9vrLTkv0KnX6fJyVTGYpdc3qEwDQYJKoZIhvcNAQELBQAwDzENMAsGA1UEAwwEd2VhazAgFw0yNjEx',
  'MjMxNTA1MjBaGA8yMTI2MTAzMDE1MDUyMFowDzENMAsGA1UEAwwEd2VhazCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEAwfxF',
  'g4RAsjtBtrSagNI0kRaggQP9TNVpq4PCCNbuKlWAPxZWxruGYvXCKw9agJT1yy2DDQi3i0JSUuRnwEsUwCaL5D69/gXAJPIIX7f9',
  'zeEfRDdN7aBFRD2TJnGCc1VavOGS8H8O4ovMJxucn2/Xl7hFPVqQrbPJ2E8WcH0ucjUCAwEAAaNTMFEwHQYDVR0OBBYEFMa+0Hmv',
  '5gZglNkhmhM4G2p0r7NNMB8GA1UdIwQYMBaAFMa+0Hmv5gZglNkhmhM4G2p0r7NNMA8GA1UdEwEB/wQFMAMBAf8wDQYJKoZIhvcN',
  'AQELBQADgYEAUkWpo+n2Fb1Defc25R4WwpfBd+YxqUq5gQE2CPxMlFKoGBWBI6NLMsNjqUT59Op4XcznsbLxkrcY4/HdH8er8rnJ',
  'mwNYM9t79qs6/nvUmmLO8yCQvhWv5S5+5fNCU0HfjhduD1gZRG/6WvkmAD1zpIrigcTsCa3O/rpnW4/Zr+w=',
].join('');

const changed = (find: string | RegExp, put: string) => () =>
  readProviderMetadata(world.settings().metadata.replace(find, put));

test('metadata of a real provider is read, with comments', () => {
  const { entityId, origin, signer } = world.idp;
  const expected = {
    entityId,
    signingCertificates: [signer.cert.replaceAll('\r\n', '\n')],
    signOn: `${origin}/sso`,
    logout: `${origin}/slo`,
    validUntil: Infinity,
  };
  expect(readProviderMetadata(world.settings().metadata)).toEqual(expected);
  expect(readProviderMetadata(`<!-- ours -->${world.settings().metadata}`)).toEqual(expected);
});

test('without a place for logout there is nowhere to send the browser', async () => {
  const metadata = world.settings().metadata.replace(/<SingleLogoutService [^>]*>(<\/SingleLogoutService>)?/, '');
  expect(await samlProvider({ ...world.settings(), metadata }, Date.now).logout('p-7f3a')).toBeNull();
});

test.each([
  ['a DTD', /^/, '<!DOCTYPE x>', 'a DTD'],
  ['an HTML page', /^.*$/s, '<html></html>', 'it is a html'],
  ['a service provider', /IDPSSODescriptor/g, 'SPSSODescriptor', 'exactly one IDPSSODescriptor'],
  ['no entityID', /entityID="[^"]*"/, '', 'no entityID'],
  ['no address by redirect', /bindings:HTTP-Redirect/g, 'bindings:HTTP-POST', 'SingleSignOnService'],
  ['an address in clear', /https:/g, 'http:', 'no https address'],
  ['an address that is a script', /Location="[^"]*"/, 'Location="javascript:x"', 'no https address'],
  ['no certificate', /X509Certificate/g, 'X509SubjectName', 'no certificate for signing'],
  ['a certificate for encryption alone', /use="signing"/g, 'use="encryption"', 'no certificate for signing'],
  ['a broken certificate', /X509Certificate>[^<]{9}/g, 'X509Certificate>', 'cannot be read'],
  ['more than 1 MB', /$/, ' '.repeat(1_048_577), 'longer than 1 MB'],
  ['a bad validUntil', 'entityID=', 'validUntil="soon" entityID=', 'validUntil'],
] as const)('metadata with %s cannot be used', (_what, find, put, why) => {
  expect(changed(find, put)).toThrow(SallyportError);
  expect(changed(find, put)).toThrow(why);
});

test('a key below 2048 bits is refused', () => {
  expect(changed(/X509Certificate>[^<]*</, `X509Certificate>${weak1024}<`)).toThrow('2048 bits');
});

test('past its validUntil the metadata begins nothing and proves nothing', async () => {
  const until = Date.now() + 60_000;
  const metadata = world
    .settings()
    .metadata.replace('entityID=', `validUntil="${new Date(until).toISOString()}" entityID=`);
  let at = until - 1;
  const provider = samlProvider({ ...world.settings(), metadata }, () => at);
  const { url, pending } = await provider.begin();
  const { fields } = await world.idp.logIn(url, 'mary');
  at = until;
  await expect(provider.begin()).rejects.toThrow('validUntil');
  expect(await provider.finish({ url: us.callbackUrl, fields }, pending)).toMatchObject({
    reason: 'untrusted',
    detail: expect.stringContaining('validUntil'),
  });
});

test('our metadata tells the provider where the answer goes and what we want', () => {
  const metadata = serviceMetadata(us);
  for (const part of [us.entityId, us.callbackUrl, 'WantAssertionsSigned="true"', 'nameid-format:persistent'])
    expect(metadata).toContain(part);
});
