import type { Algorithms } from 'ssh2';

/**
 * What the target leg offers (security rule S3): no SHA-1, no CBC, no 3DES, no ssh-rsa or DSA signatures, encrypt-then-MAC
 * for the CTR modes. ssh2 adds the strict key exchange marker itself (CVE-2023-48795). No compression: before login it
 * is one more parser, after it a side channel.
 */
export const algorithms = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
    'diffie-hellman-group14-sha256',
    'diffie-hellman-group16-sha512',
  ],
  cipher: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'chacha20-poly1305@openssh.com',
    'aes128-ctr',
    'aes192-ctr',
    'aes256-ctr',
  ],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'],
  compress: ['none'],
} satisfies Algorithms;

export const hostKeyAlgorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;

/** Host keys of our own: what ssh-audit passes. ECDSA gives a key away when one random number is weak. */
const ownHostKeyAlgorithms = ['ssh-ed25519', 'rsa-sha2-512', 'rsa-sha2-256'] as const;

/**
 * What the client leg offers: as the target leg, without the NIST curves, which ssh-audit fails. Clients that know no
 * other curve, such as those under FIPS, use group 14 or 16.
 */
export const clientAlgorithms = {
  ...algorithms,
  kex: algorithms.kex.filter((name) => !name.startsWith('ecdh-sha2-nistp')),
  // Last, for libssh2 before 1.11, as in Debian 12's curl, which knows neither GCM nor encrypt-then-MAC.
  hmac: [...algorithms.hmac, 'hmac-sha2-256', 'hmac-sha2-512'],
  serverHostKey: [...ownHostKeyAlgorithms],
} satisfies Algorithms;

export type HostKeyAlgorithm = (typeof hostKeyAlgorithms)[number];

/** Signature algorithms for a key type as it stands in a public key line; none for one that is too weak. */
export function signaturesFor(keyType: string): readonly HostKeyAlgorithm[] {
  if (keyType === 'ssh-rsa') return ['rsa-sha2-512', 'rsa-sha2-256'];
  return hostKeyAlgorithms.filter((algorithm) => algorithm === keyType);
}
