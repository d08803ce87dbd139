import { createHash, X509Certificate } from 'node:crypto';

/** Hash of each signature algorithm; RFC 5929, section 4.1, takes SHA-256 in place of MD5 and SHA-1. */
const hashes: Readonly<Record<string, string>> = {
  '1.2.840.113549.1.1.4': 'sha256',
  '1.2.840.113549.1.1.5': 'sha256',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
  '1.2.840.113549.1.1.14': 'sha224',
  '1.2.840.10045.4.1': 'sha256',
  '1.2.840.10045.4.3.1': 'sha224',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

/**
 * Data of the channel binding `tls-server-end-point` for the server's certificate in DER. Null for signatures that name
 * no hash of their own (Ed25519, RSASSA-PSS): the RFC leaves those open, and peers differ.
 */
export function tlsServerEndPoint(certificate: Uint8Array): Buffer | null {
  const hash = hashes[new X509Certificate(certificate).signatureAlgorithmOid];
  return hash === undefined ? null : createHash(hash).update(certificate).digest();
}
