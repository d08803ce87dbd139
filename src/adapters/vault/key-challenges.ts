import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ChallengeBinding, KeyChallenge, KeyChallenges } from '../../application/ports/key-challenges.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';

const prefix = 'sallyport-key';

/** `sallyport-key.<key id>.<milliseconds since 1970>.<seal>`; the seal is HMAC-SHA256 under the installation key, in base64url. */
export function hmacKeyChallenges(installationKey: Uint8Array): KeyChallenges {
  const sealOf = ({ keyId, expiresAt }: KeyChallenge, { loginId, userId, fingerprint }: ChallengeBinding): Buffer =>
    createHmac('sha256', installationKey)
      .update(['key challenge', keyId, expiresAt, loginId, userId, fingerprint].join('\0'))
      .digest();
  return {
    write: (challenge, binding) => {
      const seal = sealOf(challenge, binding).toString('base64url');
      return [prefix, challenge.keyId, String(Date.parse(challenge.expiresAt)), seal].join('.');
    },
    read: (text, binding) => {
      const [first, keyId = '', milliseconds = '', seal = '', ...more] = text.split('.');
      if (first !== prefix || more.length > 0 || !isStreamIdOf('key', keyId)) return null;
      if (!/^\d{1,15}$/.test(milliseconds) || !/^[\w-]{43}$/.test(seal)) return null;
      const challenge = { keyId, expiresAt: new Date(Number(milliseconds)).toISOString() };
      return timingSafeEqual(sealOf(challenge, binding), Buffer.from(seal, 'base64url')) ? challenge : null;
    },
  };
}
