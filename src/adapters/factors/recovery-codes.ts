import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { RecoveryCodes } from '../../application/ports/factor-proofs.ts';

/** Crockford's base32: nothing in it is taken for something else, and what is easily mistyped is understood. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const codesOfSet = 10;
/** 60 bits a code. */
const length = 12;
const digestBytes = 32;

/** `XXXX-XXXX-XXXX`; kept as HMAC-SHA256 under a key derived from the installation key, one digest after the other. */
export function recoveryCodes(installationKey: Uint8Array): RecoveryCodes {
  const key = new Uint8Array(hkdfSync('sha256', installationKey, new Uint8Array(), 'sallyport recovery codes v1', 32));
  const digestOf = (setId: string, code: string): Buffer =>
    createHmac('sha256', key).update(`${setId}\0${code}`).digest();
  return {
    draw: (setId) => {
      const codes = Array.from({ length: codesOfSet }, draw);
      return { codes: codes.map(grouped), digests: Buffer.concat(codes.map((code) => digestOf(setId, code))) };
    },
    placeOf: (setId, digests, typed) => {
      const code = canonical(typed);
      if (code.length !== length) return null;
      const digest = digestOf(setId, code);
      const places = Array.from({ length: Math.floor(digests.length / digestBytes) }, (_, place) => place);
      const right = places.filter((place) =>
        timingSafeEqual(digest, digests.subarray(place * digestBytes, (place + 1) * digestBytes)),
      );
      return right[0] ?? null;
    },
  };
}

function draw(): string {
  return Array.from(randomBytes(length), (byte) => alphabet.charAt(byte % alphabet.length)).join('');
}

function grouped(code: string): string {
  return (code.match(/.{4}/g) ?? []).join('-');
}

function canonical(typed: string): string {
  return typed.replaceAll(/[\s-]/g, '').toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1');
}
