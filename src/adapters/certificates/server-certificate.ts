import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { buildCertificate, type Issuer } from './build-certificate.ts';
import { newKeyPair, privatePemOf } from './key-pair.ts';

/** What a server is called: DNS names and IP addresses. */
export interface ServerNames {
  readonly names: readonly string[];
  readonly ips: readonly string[];
}

/** PEM, with the CA certificate left out: clients have it. */
export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
  readonly notAfter: Date;
}

const ninetyDays = 90 * 24 * 3_600_000;
const oneHour = 3_600_000;
const dnsName =
  /^(?=.{1,253}$)(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)*$/;

/** localhost, 127.0.0.1, ::1, the host's name and what the settings add, each once. */
export function namesOf(hostName: string, publicNames: readonly string[]): ServerNames {
  const all = [
    ...new Set(['localhost', '127.0.0.1', '::1', hostName, ...publicNames].map((name) => name.toLowerCase())),
  ];
  return { names: all.filter((name) => isIP(name) === 0), ips: all.filter((name) => isIP(name) !== 0) };
}

/**
 * A certificate for a server (serverAuth only) with a key of its own, for 90 days or until the CA ends. Any doubt is no
 * certificate: kind `invalid` for a name that is none, kind `integrity` when node:crypto does not agree.
 */
export async function issueServerCertificate(
  authority: Issuer,
  { names, ips }: ServerNames,
  now: Date,
): Promise<ServerCertificate> {
  const bad = [...names.filter((name) => !dnsName.test(name)), ...ips.filter((ip) => isIP(ip) === 0)];
  if (bad.length > 0 || names.length + ips.length === 0) {
    throw new SallyportError(
      'invalid',
      'bad-server-name',
      `No DNS name or IP address: ${JSON.stringify(bad)}. Mend \`publicNames\` or the host name.`,
    );
  }
  const keys = await newKeyPair(2048);
  const notAfter = new Date(Math.min(now.getTime() + ninetyDays, authority.certificate.validToDate.getTime()));
  const extensions = [
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    {
      name: 'subjectAltName',
      altNames: [...names.map((value) => ({ type: 2, value })), ...ips.map((ip) => ({ type: 7, ip }))],
    },
    { name: 'subjectKeyIdentifier' },
  ];
  const subject = [{ name: 'commonName', value: (names[0] ?? ips[0] ?? '').slice(0, 64) }] as const;
  const notBefore = new Date(Math.max(now.getTime() - oneHour, authority.certificate.validFromDate.getTime()));
  const cert = buildCertificate({ subject, keys, notBefore, notAfter, extensions }, authority);
  checkNames(new X509Certificate(cert), { names, ips });
  return { key: privatePemOf(keys), cert, notAfter };
}

function checkNames(certificate: X509Certificate, { names, ips }: ServerNames): void {
  const concrete = names.map((name) => name.replace(/^\*/, 'any'));
  const named =
    concrete.every((name) => certificate.checkHost(name) !== undefined) &&
    ips.every((ip) => certificate.checkIP(ip) !== undefined);
  if (named && !certificate.ca) return;
  throw new SallyportError(
    'integrity',
    'certificate-does-not-verify',
    'A server certificate does not name what it should; it was thrown away.',
  );
}

/** True once two thirds of a server certificate's life are over: time for a new one. */
export function isDue(certificate: ServerCertificate, now: Date): boolean {
  return certificate.notAfter.getTime() - now.getTime() < ninetyDays / 3;
}
