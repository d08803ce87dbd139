import { randomBytes, X509Certificate } from 'node:crypto';
import forge from 'node-forge';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { type KeyPair, privatePemOf } from './key-pair.ts';

/** The one folder and the one file that builds certificates (RFC 5280) with node-forge; node:crypto checks each of them. */
export interface CertificateWish {
  readonly subject: readonly { readonly name: 'commonName' | 'organizationName'; readonly value: string }[];
  readonly keys: KeyPair;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: readonly Readonly<Record<string, unknown>>[];
}

export interface Issuer {
  readonly certificate: X509Certificate;
  readonly keys: KeyPair;
}

/** PEM of a certificate signed by `issuer` (null: by itself). Throws kind `integrity` unless node:crypto agrees. */
export function buildCertificate(wish: CertificateWish, issuer: Issuer | null): string {
  const signer = issuer?.keys ?? wish.keys;
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(
    wish.keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  );
  certificate.serialNumber = newSerial();
  certificate.validity.notBefore = wish.notBefore;
  certificate.validity.notAfter = wish.notAfter;
  certificate.setSubject([...wish.subject]);
  certificate.setIssuer(
    issuer === null
      ? [...wish.subject]
      : forge.pki.certificateFromPem(issuer.certificate.toString()).subject.attributes,
  );
  certificate.setExtensions([...wish.extensions]);
  certificate.sign(forge.pki.privateKeyFromPem(privatePemOf(signer)), forge.md.sha256.create());
  const pem = forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
  check(pem, wish, issuer);
  return pem;
}

/** 127 random bits, positive and not zero (RFC 5280, 4.1.2.2). */
function newSerial(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function check(pem: string, wish: CertificateWish, issuer: Issuer | null): void {
  const built = new X509Certificate(pem);
  const signedBy = issuer?.keys.publicKey ?? wish.keys.publicKey;
  const holds =
    built.verify(signedBy) &&
    built.checkPrivateKey(wish.keys.privateKey) &&
    (issuer === null || built.checkIssued(issuer.certificate));
  if (holds) return;
  throw new SallyportError(
    'integrity',
    'certificate-does-not-verify',
    'A certificate that was just built does not verify; it was thrown away.',
  );
}
