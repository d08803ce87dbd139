import { type KeyObject, sign, X509Certificate } from 'node:crypto';
import { type RegistrationResponseJSON, verifyRegistrationResponse } from '@simplewebauthn/server';
import { describe, expect, test } from 'vitest';
import { buildCertificate } from '../../../src/adapters/certificates/build-certificate.ts';
import { newKeyPair } from '../../../src/adapters/certificates/key-pair.ts';
import { webauthnChecks } from '../../../src/adapters/factors/webauthn.ts';
import { type Cbor, type Ceremony, softwareAuthenticator } from '../../kit/software-authenticator.ts';

const origin = 'https://sally.test:8443';
const here = webauthnChecks({ id: 'sally.test', origin });
const alice = { userId: 'user-1', userName: 'alice' };

async function registered(counts = true) {
  const authenticator = softwareAuthenticator(origin, counts);
  const { options, challenge } = await here.creation(alice, []);
  const credential = await here.created(authenticator.create(options), challenge);
  if (credential === null) throw new Error('the registration was not taken');
  const signed = async (over: Partial<Ceremony> = {}) => {
    const asked = await here.request([credential.credentialId]);
    return here.shown(authenticator.get(asked.options, over), asked.challenge, credential);
  };
  return { authenticator, credential, signed };
}

test('what was registered signs, and says how often it did', async () => {
  const { authenticator, credential, signed } = await registered();
  expect(credential).toEqual({
    credentialId: authenticator.credentialId,
    publicKey: expect.any(String) as string,
    counter: 1,
  });
  expect(await signed()).toBe(2);
  expect(await signed()).toBe(3);
  expect(await (await registered(false)).signed()).toBe(0);
});

test('the options bind to the host name, ask for no attestation and for no PIN, and name what is known', async () => {
  const { options } = await here.creation(alice, ['AAAA']);
  expect(JSON.parse(options)).toMatchObject({
    rp: { id: 'sally.test' },
    attestation: 'none',
    excludeCredentials: [{ id: 'AAAA' }],
    authenticatorSelection: { userVerification: 'discouraged' },
  });
  const asked = await here.request(['AAAA']);
  expect(JSON.parse(asked.options)).toMatchObject({ rpId: 'sally.test', allowCredentials: [{ id: 'AAAA' }] });
  expect((await here.request(['AAAA'])).challenge).not.toBe(asked.challenge);
});

const lies: readonly (readonly [string, Partial<Ceremony>])[] = [
  ['on another port', { origin: 'https://sally.test' }],
  ['at another place', { origin: 'https://sally.test.evil.test:8443' }],
  ['for another host name', { rpId: 'evil.test' }],
  ['in a frame of somebody else', { crossOrigin: true }],
  ['to another challenge', { challenge: 'AAAA' }],
  ['with nobody there', { present: false }],
];

describe('an answer', () => {
  test.each([
    ...lies,
    ['as a registration', { type: 'webauthn.create' }],
    ['of a copy', { counter: 1 }],
  ] as typeof lies)('%s is no signature', async (_what, over) => {
    const { signed } = await registered();
    expect(await signed(over)).toBeNull();
    expect(await signed()).not.toBeNull();
  });

  test('of another key is no signature, also under the right name', async () => {
    const { credential } = await registered();
    const other = await registered();
    const { options, challenge } = await here.request([credential.credentialId]);
    const foreign = other.authenticator.get(options);
    expect(await here.shown(foreign, challenge, credential)).toBeNull();
    const renamed = foreign.replaceAll(other.credential.credentialId, credential.credentialId);
    expect(here.credentialOf(renamed)).toBe(credential.credentialId);
    expect(await here.shown(renamed, challenge, credential)).toBeNull();
  });

  test.each(['', '{}', 'null', '[]', '{"id":"AAAA"}', '{"response":{"clientDataJSON":"e30"}}', 'x'.repeat(10_000)])(
    '%j is none',
    async (text) => {
      const { credential } = await registered();
      expect(await here.shown(text, 'AAAA', credential)).toBeNull();
      expect(await here.created(text, 'AAAA')).toBeNull();
      expect(() => here.credentialOf(text)).not.toThrow();
    },
  );
});

describe('a registration', () => {
  test.each([...lies, ['as a signature', { type: 'webauthn.get' }]] as typeof lies)(
    '%s is none',
    async (_what, over) => {
      const { options, challenge } = await here.creation(alice, []);
      const authenticator = softwareAuthenticator(origin);
      expect(await here.created(authenticator.create(options, over), challenge)).toBeNull();
      expect(await here.created(authenticator.create(options), challenge)).not.toBeNull();
    },
  );

  test('with an attestation of its maker is none: nobody asked for it, and its certificates are not followed', async () => {
    const { certificate, privateKey } = await maker();
    const statement = (signed: Buffer): Cbor =>
      new Map<Cbor, Cbor>([
        ['alg', -257],
        ['sig', sign('sha256', signed, privateKey)],
        ['x5c', [certificate]],
      ]);
    const { options, challenge } = await here.creation(alice, []);
    const answer = softwareAuthenticator(origin).create(options, { attestation: { format: 'packed', statement } });
    expect(await here.created(answer, challenge)).toBeNull();
    // It would hold, if it was looked at.
    const response = JSON.parse(answer) as RegistrationResponseJSON;
    const expected = { expectedChallenge: challenge, expectedOrigin: origin, requireUserVerification: false };
    expect(await verifyRegistrationResponse({ response, ...expected })).toMatchObject({ verified: true });
  });
});

/** A certificate as section 8.2.1 wants it. */
async function maker(): Promise<{ readonly certificate: Buffer; readonly privateKey: KeyObject }> {
  const keys = await newKeyPair(2048);
  const subject = Object.entries({
    countryName: 'SE',
    organizationName: 'Maker',
    organizationalUnitName: 'Authenticator Attestation',
    commonName: 'Series 1',
  }).map(([name, value]) => ({ name, value }) as { readonly name: 'commonName'; readonly value: string });
  const pem = buildCertificate(
    {
      subject,
      keys,
      notBefore: new Date(Date.now() - 3_600_000),
      notAfter: new Date(Date.now() + 3_600_000),
      extensions: [{ name: 'basicConstraints', critical: true, cA: false }],
    },
    null,
  );
  return { certificate: new X509Certificate(pem).raw, privateKey: keys.privateKey };
}
