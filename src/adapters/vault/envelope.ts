import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { SallyportError } from '../../domain/kernel/errors.ts';

/**
 * A sealed record: `SPV1`, then a data key of its own wrapped by the key-encryption key, then the secret under that
 * data key. Both layers are AES-256-GCM with 96-bit random nonces and carry the record's label as additional data
 * (NIST SP 800-38D), so that a record moved to another label, or a data key moved to another record, does not open.
 */
const magic = Buffer.from('SPV1', 'latin1');
const nonceBytes = 12;
const keyBytes = 32;
const tagBytes = 16;
const boxed = (bytes: number): number => nonceBytes + bytes + tagBytes;
const secretAt = magic.length + boxed(keyBytes);

/** The key that wraps data keys; derived, so that the master key itself encrypts nothing (RFC 5869). */
export function keyEncryptionKey(master: Uint8Array): Uint8Array {
  return new Uint8Array(
    hkdfSync('sha256', master, new Uint8Array(), 'sallyport vault key-encryption key v1', keyBytes),
  );
}

export function sealEnvelope(kek: Uint8Array, label: string, secret: Uint8Array): Buffer {
  const dataKey = randomBytes(keyBytes);
  const sealed = Buffer.concat([magic, seal(kek, `key\0${label}`, dataKey), seal(dataKey, `secret\0${label}`, secret)]);
  dataKey.fill(0);
  return sealed;
}

/** Opens a sealed record. Errors: kind `integrity`, code `secret-damaged` (changed, moved, or another master key). */
export function openEnvelope(kek: Uint8Array, label: string, sealed: Uint8Array): Uint8Array {
  try {
    if (sealed.length < secretAt + boxed(0) || !magic.equals(sealed.subarray(0, magic.length))) {
      throw new Error('not a sealed record');
    }
    const dataKey = open(kek, `key\0${label}`, sealed.subarray(magic.length, secretAt));
    const secret = open(dataKey, `secret\0${label}`, sealed.subarray(secretAt));
    dataKey.fill(0);
    return secret;
  } catch (cause) {
    throw new SallyportError(
      'integrity',
      'secret-damaged',
      `the sealed record ${label.replace('\0', ' ')} does not open: it was changed, moved, or sealed under another master key; restore it from a backup`,
      { cause },
    );
  }
}

function seal(key: Uint8Array, label: string, plain: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(label, 'utf8'));
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

function open(key: Uint8Array, label: string, box: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(label, 'utf8')).setAuthTag(box.subarray(box.length - tagBytes));
  return Buffer.concat([decipher.update(box.subarray(nonceBytes, box.length - tagBytes)), decipher.final()]);
}
