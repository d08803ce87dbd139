import { X509Certificate } from 'node:crypto';
import { z } from 'zod';

const block = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;
const mostCertificates = 64;

/**
 * The certificates in a PEM text, as node:crypto writes them, each once and nothing beside them (comments, private
 * keys); null when there is none, or one that is damaged.
 */
export function plainPem(text: string): string | null {
  const blocks = text.match(block) ?? [];
  if (blocks.length === 0 || blocks.length > mostCertificates) return null;
  if (blocks.length !== text.split('-----BEGIN CERTIFICATE-----').length - 1) return null;
  try {
    return [...new Set(blocks.map((pem) => new X509Certificate(pem).toString()))].join('');
  } catch {
    return null;
  }
}

/** The SHA-256 of a certificate, as `openssl x509 -fingerprint` prints it or without its colons. */
export const certificateFingerprint = /^[0-9a-f]{2}(?::?[0-9a-f]{2}){31}$/i;

/** As it is stored: 64 lower-case hex digits. */
export function plainFingerprint(text: string): string {
  return text.replaceAll(':', '').toLowerCase();
}

/** A field that holds certificates as PEM. */
export const certificatesField = z
  .string({ error: 'must be the text of certificates in PEM' })
  .max(65_536, 'is longer than 64 KB')
  .refine((text) => plainPem(text) !== null, 'holds no certificate, or a damaged one; write certificates in PEM');
