import { X509Certificate } from 'node:crypto';
import { buildCertificate } from './build-certificate.ts';
import { newKeyPair, privatePemOf } from './key-pair.ts';

/** PEM, and the SHA-256 of the certificate in hex, by which it is known. */
export interface SelfSigned {
  readonly key: string;
  readonly cert: string;
  readonly sha256: string;
}

const oneDay = 24 * 3_600_000;

/** A certificate for a server that is known by its fingerprint alone, with a new key that is kept nowhere. */
export async function selfSigned(name: string, now: Date): Promise<SelfSigned> {
  const keys = await newKeyPair(2048);
  const cert = buildCertificate(
    {
      subject: [{ name: 'commonName', value: name }],
      keys,
      notBefore: new Date(now.getTime() - oneDay),
      notAfter: new Date(now.getTime() + 3652 * oneDay),
      extensions: [
        { name: 'basicConstraints', critical: true, cA: false },
        { name: 'extKeyUsage', serverAuth: true },
      ],
    },
    null,
  );
  const sha256 = new X509Certificate(cert).fingerprint256.replaceAll(':', '').toLowerCase();
  return { key: privatePemOf(keys), cert, sha256 };
}
