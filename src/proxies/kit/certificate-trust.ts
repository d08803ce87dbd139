import { createHash, X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { ShownCertificate } from '../../domain/kernel/shown-certificate.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import type { TlsTrust } from '../../domain/target/events.ts';

const longestText = 512;

export function sha256Of(certificate: Uint8Array): string {
  return createHash('sha256').update(certificate).digest('hex');
}

/** What a certificate says of itself. */
export function describeCertificate(der: Buffer): ShownCertificate {
  const certificate = new X509Certificate(der);
  return {
    sha256: sha256Of(der),
    subject: shown(certificate.subject),
    issuer: shown(certificate.issuer),
    validFrom: certificate.validFromDate.toISOString(),
    validTo: certificate.validToDate.toISOString(),
    names: shown(certificate.subjectAltName ?? ''),
  };
}

/**
 * Why the certificate of a finished handshake is not trusted; null when it is. The handshake was made with the CAs of
 * `trust` and with the target's host, and has proven that the peer has the key.
 */
export function certificateProblem(socket: TLSSocket, trust: TlsTrust | undefined, der: Buffer): string | null {
  if (trust === undefined) return 'the Target has no trust.tls yet';
  if (trust.certificateSha256 !== undefined) {
    return trust.certificateSha256 === sha256Of(der) ? null : 'it is another one than trust.tls.certificateSha256';
  }
  if (socket.authorized) return null;
  // Node's types say Error, but it is the code of one.
  const code = String(socket.authorizationError);
  return reasons[code] ?? `its chain or its names do not hold (${shown(code)})`;
}

const unknownIssuer = 'no CA that is trusted has signed it';

const reasons: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: "it does not name the target's host",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownIssuer,
  // One of the same name, with another key.
  CERT_SIGNATURE_FAILURE: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT: unknownIssuer,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownIssuer,
  SELF_SIGNED_CERT_IN_CHAIN: unknownIssuer,
  DEPTH_ZERO_SELF_SIGNED_CERT: unknownIssuer,
};

function shown(text: string): string {
  const line = text.replaceAll('\n', ', ').slice(0, longestText).toWellFormed();
  return visibleText(line);
}
