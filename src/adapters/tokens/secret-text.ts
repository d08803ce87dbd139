import { randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * The form of the secrets that we hand out: prefix, 30 random base62 digits (178 bits), 6 digits of checksum. The
 * checksum is CRC-32 over prefix and random digits in base62: it tells a slip of the pen from a secret and lets a
 * scanner of leaked secrets be sure; it proves nothing.
 */
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const randomDigits = 30;
const checkDigits = 6;

export type SecretPrefix = 'spt_' | 'spl_';

/** A new secret; each digit is drawn without bias. */
export function drawSecret(prefix: SecretPrefix): string {
  let body: string = prefix;
  for (let digit = 0; digit < randomDigits; digit += 1) body += alphabet.charAt(randomInt(alphabet.length));
  return body + checksum(body);
}

/** True when the text has the form of such a secret, byte for byte: nothing is trimmed or folded. */
export function isWellFormed(prefix: SecretPrefix, text: string): boolean {
  const bodyLength = prefix.length + randomDigits;
  if (text.length !== bodyLength + checkDigits || !text.startsWith(prefix)) return false;
  const body = text.slice(0, bodyLength);
  return /^[0-9A-Za-z]+$/.test(body.slice(prefix.length)) && text.slice(bodyLength) === checksum(body);
}

function checksum(body: string): string {
  let rest = crc32(body);
  let digits = '';
  for (let digit = 0; digit < checkDigits; digit += 1) {
    digits = alphabet.charAt(rest % alphabet.length) + digits;
    rest = Math.floor(rest / alphabet.length);
  }
  return digits;
}
