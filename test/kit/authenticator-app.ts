import { createHmac } from 'node:crypto';

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The key that was typed into an app, from base32 (RFC 4648, section 6). */
export function keyOf(secret: string): Buffer {
  const bits = Array.from(secret, (letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** What an app for TOTP shows at a time, `steps` of 30 s later, for the key in base32 that was typed into it (RFC 6238). */
export function appCode(secret: string, at: string | number, steps = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeUIntBE(Math.floor(new Date(at).getTime() / 30_000) + steps, 2, 6);
  const mac = createHmac('sha1', keyOf(secret)).update(counter).digest();
  const place = (mac[19] ?? 0) % 16;
  const number = mac.readUInt32BE(place) % 2 ** 31;
  return (number % 1_000_000).toString().padStart(6, '0');
}
