import { expect, test } from 'vitest';
import { makeTestCa } from '../../kit/certificates.ts';
import { samlWorld, us } from './world.ts';

const world = samlWorld();

const refused = (detail: string) => ({ ok: false, reason: 'untrusted', detail: expect.stringContaining(detail) });
const minutes = (count: number) => new Date(Date.now() + count * 60_000).toISOString();
const signatures = /<ds:Signature .*?<\/ds:Signature>/gs;

test('an unsigned answer is refused', async () => {
  expect(await world.attempt((xml) => xml.replaceAll(signatures, ''))).toEqual(refused('is signed'));
});

test('an answer changed after it was signed is refused', async () => {
  const change = (xml: string) => xml.replace('>p-7f3a<', '>p-admin<');
  for (const sign of ['both', 'response', 'assertion'] as const) {
    world.idp.behave({ sign });
    expect(await world.attempt(change)).toEqual(refused('does not hold'));
  }
});

test('a Response whose signature does not hold is refused, though that of its Assertion does', async () => {
  const broken = (xml: string) =>
    xml.replace(/<ds:SignatureValue>(.)/, (_all, first) => `<ds:SignatureValue>${first === 'A' ? 'B' : 'A'}`);
  expect(await world.attempt(broken)).toEqual(refused('does not hold'));
});

test('an answer signed by another key is refused, though it brings its certificate along', async () => {
  const ca = await makeTestCa('SAML CA');
  world.idp.behave({ signer: await ca.certify({ commonName: 'signer' }) });
  expect(await world.attempt()).toEqual(refused('does not hold under any key of the metadata'));
});

test.each([
  ['signature', 'rsa-sha1', 'signature algorithm'],
  ['signature', 'hmac-sha1', 'signature algorithm'],
])('a weak %s algorithm, %s, is refused', async (_kind, name, detail) => {
  const weak = (xml: string) =>
    xml.replaceAll(/(<ds:SignatureMethod Algorithm=")[^"]*/g, `$1http://www.w3.org/2000/09/xmldsig#${name}`);
  expect(await world.attempt(weak)).toEqual(refused(detail));
});

test('what a provider signed by RSA and SHA-1 is refused', async () => {
  world.idp.behave({ signatureAlgorithm: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' });
  expect(await world.attempt()).toEqual(refused('let the provider sign with RSA and SHA-256'));
});

test('a weak digest, another canonicalization and another transform are refused', async () => {
  const swap = (element: string, algorithm: string) => (xml: string) =>
    xml.replaceAll(new RegExp(`(<ds:${element} Algorithm=")[^"]*`, 'g'), `$1${algorithm}`);
  const sha1 = 'http://www.w3.org/2000/09/xmldsig#sha1';
  const commented = 'http://www.w3.org/2001/10/xml-exc-c14n#WithComments';
  const stylesheet = 'http://www.w3.org/TR/1999/REC-xslt-19991116';
  expect(await world.attempt(swap('DigestMethod', sha1))).toEqual(refused('digest algorithm'));
  expect(await world.attempt(swap('CanonicalizationMethod', commented))).toEqual(refused('canonicalization'));
  expect(await world.attempt(swap('Transform', stylesheet))).toEqual(refused('transform'));
});

test.each([
  ['NameID', (xml: string) => xml.replace('>p-7f3a<', '>p-7<!-- -->f3a<')],
  ['DigestValue', (xml: string) => xml.replace(/(<ds:DigestValue>.{8})/, '$1<!-- -->')],
  ['SignatureValue', (xml: string) => xml.replace(/(<ds:SignatureValue>.{8})/, '$1<!-- -->')],
])('a comment in the %s is refused', async (_place, change) => {
  expect(await world.attempt(change)).toEqual(refused('a comment'));
});

test('a comment that was there when the provider signed is refused', async () => {
  world.idp.behave({ beforeSigning: (xml) => xml.replace('p-7f3a', 'p-7f3a<!-- -->.evil') });
  expect(await world.attempt()).toEqual(refused('a comment'));
});

test.each([
  ['a DTD', '<!DOCTYPE r [<!ENTITY x "p-admin">]>', 'a DTD'],
  ['an outside entity', '<!DOCTYPE r SYSTEM "file:///etc/passwd">', 'a DTD'],
  ['a processing instruction', '<?xml-stylesheet href="x"?>', 'a processing instruction'],
])('%s is refused', async (_what, prefix, detail) => {
  expect(await world.attempt((xml) => prefix + xml)).toEqual(refused(detail));
});

test('entities, CDATA and a second root are refused', async () => {
  expect(await world.attempt((xml) => xml.replace('>p-7f3a<', '>&x;<'))).toEqual(refused('a DTD could explain'));
  expect(await world.attempt((xml) => xml.replace('>p-7f3a<', '><![CDATA[p]]><'))).toEqual(refused('a CDATA'));
  expect(await world.attempt((xml) => xml + xml)).toEqual(refused('a second root'));
});

test.each([
  ['Audience', 'Audience', 'https://other.example'],
  ['Recipient', 'SubjectRecipient', `${us.callbackUrl}/`],
  ['Destination', 'Destination', 'https://other.example/acs'],
  ['Issuer', 'Issuer', 'https://other.example/metadata'],
  ['request', 'InResponseTo', '_other'],
])('a wrong %s is refused', async (what, tag, value) => {
  world.idp.behave({ values: { [tag]: value } });
  expect(await world.attempt()).toEqual(refused(what));
});

test('the assertion of another request is refused in the envelope of this one', async () => {
  world.idp.behave({
    sign: 'assertion',
    beforeSigning: (xml) => xml.replace(/(SubjectConfirmationData .*?InResponseTo=")[^"]*/, '$1_other'),
  });
  expect(await world.attempt()).toEqual(refused('the Assertion answers another request'));
});

test.each([
  ['ConditionsNotBefore', 2, 'not valid yet'],
  ['ConditionsNotOnOrAfter', -2, 'Conditions expired'],
  ['SubjectConfirmationDataNotOnOrAfter', -2, 'SubjectConfirmationData expired'],
  ['IssueInstant', -2, 'before it was asked for'],
  ['IssueInstant', 2, 'in the future'],
])('%s %i minutes from now is refused', async (tag, count, detail) => {
  world.idp.behave({ values: { [tag]: minutes(count) } });
  expect(await world.attempt()).toEqual(refused(detail));
});

test('clocks may be half a minute apart', async () => {
  world.idp.behave({ values: { ConditionsNotBefore: minutes(0.5), ConditionsNotOnOrAfter: minutes(-0.5) } });
  expect(await world.attempt()).toMatchObject({ ok: true });
});

test.each([
  ['no Audience', /<saml:AudienceRestriction>.*<\/saml:AudienceRestriction>/s, '', 'names no Audience'],
  [
    'a second Audience that is not us',
    '</saml:AudienceRestriction>',
    '</saml:AudienceRestriction><saml:AudienceRestriction><saml:Audience>x</saml:Audience></saml:AudienceRestriction>',
    'Audience is "x"',
  ],
  ['an unknown condition', '</saml:Conditions>', '<saml:Condition/></saml:Conditions>', 'condition Condition'],
  ['no bearer', 'cm:bearer', 'cm:sender-vouches', 'bearer'],
  ['no end', / NotOnOrAfter="[^"]*"(?= Recipient)/, '', 'a time of the Assertion is missing'],
  ['no login', /<saml:AuthnStatement.*<\/saml:AuthnStatement>/s, '', 'somebody logged in'],
  ['a session that is over', 'AuthnInstant=', 'SessionNotOnOrAfter="2020-01-01T00:00:00Z" AuthnInstant=', 'is over'],
  ['a time outside UTC', /NotBefore="[^"]*"/, 'NotBefore="2026-01-01T00:00:00+14:00"', 'no time in UTC'],
  ['a NameID of another provider', '<saml:NameID ', '<saml:NameID NameQualifier="x" ', 'of another provider'],
  ['a NameID for somebody else', '<saml:NameID ', '<saml:NameID SPNameQualifier="x" ', 'for another one'],
  ['another version', /(<saml:Assertion [^>]*Version=")2.0/, '$11.1', 'not of SAML 2.0'],
  [
    'another Issuer than its Response',
    /(<saml:Assertion [^>]*><saml:Issuer>)[^<]*/,
    '$1https://other.example',
    'the Issuer is',
  ],
  [
    'two confirmations',
    /<saml:SubjectConfirmation .*<\/saml:SubjectConfirmation>/s,
    '$&$&',
    'exactly one SubjectConfirmation',
  ],
])('a signed assertion with %s is refused', async (_what, find, put, detail) => {
  world.idp.behave({ beforeSigning: (xml) => xml.replace(find, put) });
  expect(await world.attempt()).toEqual(refused(detail));
});

test('an envelope of another Issuer is refused', async () => {
  world.idp.behave({ sign: 'assertion' });
  const other = (xml: string) => xml.replace(/<saml:Issuer>[^<]*/, '<saml:Issuer>https://other.example');
  expect(await world.attempt(other)).toEqual(refused('the Issuer is'));
});

test('a username with two values is nobody', async () => {
  world.idp.behave({
    beforeSigning: (xml) =>
      xml.replace(/<saml:AttributeValue>mary</, '<saml:AttributeValue>root</saml:AttributeValue>$&'),
  });
  expect(await world.attempt()).toMatchObject({ ok: false, reason: 'ambiguous' });
});

test('two assertions are refused, though the provider signed the whole', async () => {
  const again = (xml: string) =>
    xml.replace(/<saml:Assertion .*<\/saml:Assertion>/s, (one) => one + one.replaceAll(' ID="', ' ID="_2'));
  world.idp.behave({ sign: 'response', beforeSigning: again });
  expect(await world.attempt()).toEqual(refused('more than one Assertion'));
});

test('an id that is there twice, in any spelling, is refused', async () => {
  world.idp.behave({ sign: 'assertion' });
  const twice = (name: string) => (xml: string) => {
    const id = /<saml:Assertion [^>]*\bID="([^"]*)/.exec(xml)![1]!;
    return xml.replace(
      '</samlp:Status>',
      `<samlp:StatusDetail><x ${name}="${id}"/></samlp:StatusDetail></samlp:Status>`,
    );
  };
  for (const name of ['ID', 'Id', 'id', 'xml:id']) expect(await world.attempt(twice(name))).toEqual(refused('id'));
});

test.each([
  ['elsewhere', (xml: string) => xml.replace('</samlp:Status>', `${signatureIn(xml)}</samlp:Status>`), 'elsewhere'],
  ['twice', (xml: string) => xml.replace(signatureIn(xml), (one) => one + one), 'signed twice'],
  ['to another element', (xml: string) => xml.replace(/ URI="#[^"]*/, ' URI="#other'), 'refers to another element'],
  ['to the whole document', (xml: string) => xml.replace(/ URI="#[^"]*/, ' URI="'), 'refers to another element'],
  ['with two references', (xml: string) => xml.replace(/<ds:Reference .*?<\/ds:Reference>/s, '$&$&'), 'one reference'],
  ['with two SignedInfo', (xml: string) => xml.replace(/<ds:SignedInfo>.*?<\/ds:SignedInfo>/s, '$&$&'), 'in the form'],
  ['with an object', (xml: string) => xml.replace('</ds:Signature>', '<ds:Object/></ds:Signature>'), 'in the form'],
])('a signature %s is refused', async (_what, change, detail) => {
  world.idp.behave({ sign: 'assertion' });
  expect(await world.attempt(change)).toEqual(refused(detail));
});

test('an encrypted assertion is refused with what to do', async () => {
  const encrypt = (xml: string) => xml.replaceAll('saml:Assertion', 'saml:EncryptedAssertion');
  expect(await world.attempt(encrypt)).toEqual(refused('switch its encryption off'));
});

test.each(['transient', 'unspecified'])('a %s NameID is no subject', async (name) => {
  const version = name === 'unspecified' ? '1.1' : '2.0';
  const NameIDFormat = `urn:oasis:names:tc:SAML:${version}:nameid-format:${name}`;
  world.idp.behave({ values: { NameIDFormat } });
  expect(await world.attempt()).toMatchObject({
    ok: false,
    reason: 'missing-claim',
    detail: expect.stringContaining('persistent'),
  });
});

test.each(['', ' p-7f3a', 'p\n7', 'p\u00ad7', 'p'.repeat(257)])('the NameID %j is no subject', async (NameID) => {
  world.idp.behave({ values: { NameID } });
  expect(await world.attempt()).toMatchObject({ ok: false, reason: 'missing-claim' });
});

test('50 MB are refused at once', async () => {
  const { pending } = await world.provider.begin();
  const fields = { SAMLResponse: 'A'.repeat(50_000_000) };
  const before = performance.now();
  expect(await world.provider.finish({ url: us.callbackUrl, fields }, pending)).toEqual(refused('larger than 512 KB'));
  expect(performance.now() - before).toBeLessThan(1000);
});

test('ten thousand levels and ninety thousand elements are refused', async () => {
  const { pending } = await world.provider.begin();
  const finish = (xml: string) =>
    world.provider.finish(
      { url: us.callbackUrl, fields: { SAMLResponse: Buffer.from(xml).toString('base64') } },
      pending,
    );
  expect(await finish('<a>'.repeat(10_000))).toEqual(refused('too many elements'));
  expect(await finish(`<a>${'<b/>'.repeat(90_000)}</a>`)).toEqual(refused('too many elements'));
});

function signatureIn(xml: string): string {
  return /<ds:Signature .*?<\/ds:Signature>/s.exec(xml)![0];
}
