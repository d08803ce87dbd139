import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { buildCertificate, type Issuer } from '../../src/adapters/certificates/build-certificate.ts';
import { newKeyPair, privatePemOf } from '../../src/adapters/certificates/key-pair.ts';

const hour = 3_600_000;

/** A certificate with its key, both PEM. */
export interface Certified {
  readonly key: string;
  readonly cert: string;
}

export interface CertifyOptions {
  /** DNS names and IP addresses. */
  readonly names?: readonly string[];
  readonly commonName?: string;
  /** From one hour ago for a day, unless told. */
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly client?: boolean;
}

export interface TestCa {
  /** PEM of the CA's certificate. */
  readonly pem: string;
  certify(options?: CertifyOptions): Promise<Certified>;
}

/** A certificate authority of a test's own. */
export async function makeTestCa(name = 'Test CA'): Promise<TestCa> {
  const keys = await newKeyPair(2048);
  const pem = buildCertificate(
    {
      subject: [{ name: 'commonName', value: name }],
      keys,
      notBefore: new Date(Date.now() - 24 * 365 * hour),
      notAfter: new Date(Date.now() + 24 * 365 * hour),
      extensions: [
        { name: 'basicConstraints', critical: true, cA: true },
        { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
        { name: 'subjectKeyIdentifier' },
      ],
    },
    null,
  );
  const issuer = { certificate: new X509Certificate(pem), keys };
  return { pem, certify: async (options = {}) => await certify(issuer, options) };
}

async function certify(issuer: Issuer, options: CertifyOptions): Promise<Certified> {
  const { names = ['localhost', '127.0.0.1'], client = false } = options;
  const keys = await newKeyPair(2048);
  const altNames = names.map((value) => (isIP(value) === 0 ? { type: 2, value } : { type: 7, ip: value }));
  const cert = buildCertificate(
    {
      subject: [{ name: 'commonName', value: options.commonName ?? names[0] ?? 'nobody' }],
      keys,
      notBefore: options.notBefore ?? new Date(Date.now() - hour),
      notAfter: options.notAfter ?? new Date(Date.now() + 24 * hour),
      extensions: [
        { name: 'basicConstraints', critical: true, cA: false },
        { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
        client ? { name: 'extKeyUsage', clientAuth: true } : { name: 'extKeyUsage', serverAuth: true },
        ...(altNames.length === 0 ? [] : [{ name: 'subjectAltName', altNames }]),
      ],
    },
    issuer,
  );
  return { key: privatePemOf(keys), cert };
}
