import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { plainPem } from './certificates.ts';

interface GivenSecret {
  readonly password?: string;
  readonly privateKey?: string;
}

export type CredentialReading =
  /** What is sealed: the password, or `{"privateKey", "password"}` as JSON, with the key as PKCS#8 in PEM. */
  | { readonly ok: true; readonly value: string }
  /** `message` never holds any of the secret. */
  | { readonly ok: false; readonly field: 'privateKey' | 'certificate'; readonly message: string };

/** The secret of a Credential, as a whole. The private key has to be the one of the `certificate` (its first, in PEM). */
export function readCredentialSecret(given: GivenSecret, certificate: string | undefined): CredentialReading {
  const { password = null, privateKey } = given;
  if (certificate === undefined) {
    if (privateKey !== undefined) return bad('certificate', 'is missing: the private key is of no use without it');
    return { ok: true, value: password ?? '' };
  }
  if (privateKey === undefined)
    return bad('privateKey', 'is missing: it is set together with certificate and password');
  if (privateKey.includes('ENCRYPTED')) return bad('privateKey', 'is encrypted: write it without a passphrase');
  const key = readKey(privateKey);
  if (key === null) return bad('privateKey', 'is no whole private key in PEM: RSA of 2048 to 8192 bits, EC or Ed25519');
  if (!new X509Certificate(certificate).checkPrivateKey(key))
    return bad('privateKey', 'is not that of the certificate');
  return { ok: true, value: JSON.stringify({ privateKey: key.export({ type: 'pkcs8', format: 'pem' }), password }) };
}

/** Whether one private key fits both certificates. */
export function sameKey(one: string, other: string): boolean {
  return new X509Certificate(one).publicKey.equals(new X509Certificate(other).publicKey);
}

function bad(field: 'privateKey' | 'certificate', message: string): CredentialReading {
  return { ok: false, field, message };
}

const leastBits = 2_048;
const mostBits = 8_192;

function readKey(pem: string): KeyObject | null {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ec' || key.asymmetricKeyType === 'ed25519') return key;
    const bits = key.asymmetricKeyType === 'rsa' ? (key.asymmetricKeyDetails?.modulusLength ?? 0) : 0;
    return bits >= leastBits && bits <= mostBits ? key : null;
  } catch {
    // The parser's own message might quote the key.
    return null;
  }
}

/** The certificates as they are stored; undefined for none. */
export function storedCertificate(given: unknown): string | undefined {
  return typeof given === 'string' ? (plainPem(given) ?? undefined) : undefined;
}
