import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Sealing } from '../../application/ports/sealing.ts';

const nonceBytes = 12;
const tagBytes = 16;

/**
 * Nonce, ciphertext and tag of AES-256-GCM (NIST SP 800-38D) under a key of its own derived from the installation key
 * (RFC 5869); the purpose is additional data. 96-bit random nonces are good for 2^32 texts under one key.
 */
export function aesSealing(installationKey: Uint8Array): Sealing {
  const key = new Uint8Array(hkdfSync('sha256', installationKey, new Uint8Array(), 'sallyport sealing v1', 32));
  return {
    seal: (purpose, text) => {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose, 'utf8'));
      return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
        'base64url',
      );
    },
    open: (purpose, sealed) => {
      // One spelling of each sealed text: a decoder that skips what it does not know would take others too.
      const box = Buffer.from(sealed, 'base64url');
      if (box.length < nonceBytes + tagBytes || box.toString('base64url') !== sealed) return null;
      const opener = createDecipheriv('aes-256-gcm', key, box.subarray(0, nonceBytes), { authTagLength: tagBytes });
      opener.setAAD(Buffer.from(purpose, 'utf8')).setAuthTag(box.subarray(box.length - tagBytes));
      try {
        const plain = opener.update(box.subarray(nonceBytes, box.length - tagBytes));
        return Buffer.concat([plain, opener.final()]).toString('utf8');
      } catch {
        return null;
      }
    },
  };
}
