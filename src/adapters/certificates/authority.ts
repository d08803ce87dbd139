import { createHash, X509Certificate } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { buildCertificate, type Issuer } from './build-certificate.ts';
import { keyPairFrom, newKeyPair, privatePemOf, type KeyPair } from './key-pair.ts';

/** Where the CA's private key is kept: sealed, by the caller. */
export interface SealedKey {
  /** The PKCS #8 PEM, or null before the first start. */
  load(): Promise<string | null>;
  /** Seals durably before it resolves. */
  store(privatePem: string): Promise<void>;
}

const tenYears = 3652 * 24 * 3_600_000;
const oneHour = 3_600_000;

/**
 * The installation's own CA: RSA 3072, made at the first start, its certificate in `<folder>/ca.pem` (0644). A CA
 * certificate that was lost is made again for the same key and name, so that clients who trust the lost one need not care.
 * Errors (kind `integrity`): the certificate is there and its key is not, or the two do not belong together.
 */
export async function ensureAuthority(options: {
  readonly sealedKey: SealedKey;
  readonly folder: string;
  readonly now: Date;
}): Promise<Issuer> {
  const path = join(options.folder, 'ca.pem');
  const [sealed, pem] = [await options.sealedKey.load(), await readIfThere(path)];
  if (sealed === null && pem !== null) {
    throw damaged(
      `${path} is there, but the key of this CA is not in custody. Put the key back, or move ca.pem away to make a new CA.`,
    );
  }
  const keys = sealed === null ? await newKeyPair(3072) : keyPairFrom(sealed);
  if (sealed === null) await options.sealedKey.store(privatePemOf(keys));
  if (pem !== null) return { certificate: checked(pem, keys, options.now, path), keys };
  const made = makeCaCertificate(keys, options.now);
  await writeDurably(path, made);
  return { certificate: checked(made, keys, options.now, path), keys };
}

function makeCaCertificate(keys: KeyPair, now: Date): string {
  const digest = createHash('sha256')
    .update(keys.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
  const subject = [
    { name: 'commonName', value: `Sallyport CA ${digest.slice(0, 12)}` },
    { name: 'organizationName', value: 'Sallyport' },
  ] as const;
  const extensions = [
    { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
    { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
    { name: 'subjectKeyIdentifier' },
  ];
  const notBefore = new Date(now.getTime() - oneHour);
  const notAfter = new Date(now.getTime() + tenYears);
  return buildCertificate({ subject, keys, notBefore, notAfter, extensions }, null);
}

function checked(pem: string, keys: KeyPair, now: Date, path: string): X509Certificate {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch (error) {
    throw damaged(`${path} is no certificate. Put the right file back.`, error);
  }
  if (!certificate.ca || !certificate.checkPrivateKey(keys.privateKey) || !certificate.verify(keys.publicKey)) {
    throw damaged(`${path} is not the certificate of the CA key in custody. Put the right file back.`);
  }
  if (certificate.validToDate <= now)
    throw damaged(`${path} ended on ${certificate.validTo}. Move it away to make it anew.`);
  return certificate;
}

function damaged(message: string, cause?: unknown): SallyportError {
  return new SallyportError('integrity', 'authority-damaged', message, { cause });
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o644);
  try {
    await file.chmod(0o644);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}
