import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { TotpCodes } from '../../application/ports/factor-proofs.ts';
import { base32 } from './base32.ts';

const issuer = 'Sallyport';
const digits = 6;
const stepSeconds = 30;
/** RFC 4226, section 4: at least 128 bits, 160 are recommended. */
const keyBytes = 20;
/** Newest first: of two steps that happen to have one code the later one is used up. */
const window = [1, 0, -1];

/** RFC 4226, section 5.3, over the step as a counter (RFC 6238, section 4.2). */
export function codeAt(key: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = mac.readUInt8(mac.length - 1) & 0x0f;
  const truncated = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(truncated % 10 ** digits).padStart(digits, '0');
}

export const totpCodes: TotpCodes = {
  newKey: () => randomBytes(keyBytes),

  shown: (key, account) => {
    const secret = base32(key);
    const label = [issuer, account].map(encodeURIComponent).join(':');
    const settings = { secret, issuer, algorithm: 'SHA1', digits: String(digits), period: String(stepSeconds) };
    return { secret, uri: `otpauth://totp/${label}?${new URLSearchParams(settings).toString()}` };
  },

  stepOf: (key, code, at) => {
    // Six ASCII digits, whatever an app shows between them (security rule A8).
    const typed = code.replaceAll(/\s/g, '');
    if (!/^[0-9]{6}$/.test(typed)) return null;
    const now = Math.floor(Date.parse(at) / 1000 / stepSeconds);
    const right = window.map((off) => now + off).filter((step) => isSame(codeAt(key, step), typed));
    return right[0] ?? null;
  },
};

function isSame(right: string, typed: string): boolean {
  return timingSafeEqual(Buffer.from(right, 'ascii'), Buffer.from(typed, 'ascii'));
}
