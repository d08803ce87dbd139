import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { PublicKeyReading, PublicKeys, ShownSignature } from '../../application/ports/public-keys.ts';
import { type PassKeyAlgorithm, passKeyAlgorithms } from '../../domain/key/events.ts';
import { publicBlobOf } from './public-blob.ts';
import { readSignatureFile } from './signature-file.ts';
import { SshReader } from './ssh-encoding.ts';

const longestText = 32 * 1024;
const mostRsaBits = 16_384;
const longestExponentBytes = 8;

interface SoundKey {
  readonly algorithm: PassKeyAlgorithm;
  readonly bits: number;
  readonly key: KeyObject;
}

const curves = {
  'ecdsa-sha2-nistp256': { curve: 'P-256', bits: 256, hash: 'sha256' },
  'ecdsa-sha2-nistp384': { curve: 'P-384', bits: 384, hash: 'sha384' },
  'ecdsa-sha2-nistp521': { curve: 'P-521', bits: 521, hash: 'sha512' },
} as const;
const rsaHashes: Readonly<Record<string, string>> = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' };

/** Points of small order on Ed25519, without the sign bit: under such a key anybody can make signatures. */
const smallOrder = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

/** Reads public keys that people bring, and checks signatures by them (RFC 4253 6.6, RFC 5656, RFC 8332, RFC 8709). */
export const publicKeys: PublicKeys = { read, readSignature: readSignatureFile, fingerprint, verify: isSigned };

function read(text: string): PublicKeyReading {
  const refuse = (message: string): PublicKeyReading => ({ ok: false, message });
  if (text.length > longestText) return refuse('this is too long for a public key; give the .pub file of your key');
  if (text.includes('PRIVATE KEY') || text.includes('PuTTY-User-Key-File'))
    return refuse('this is a private key: it belongs to you alone. Give the public one, the .pub file beside it');
  if (text.includes('BEGIN SSH2 PUBLIC KEY'))
    return refuse(
      'this is a public key in the form of RFC 4716; `ssh-keygen -i -f FILE` turns it into the form wanted',
    );
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const match = /^\s*(\S+)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t]+(.*))?$/s.exec(lines[0] ?? '');
  if (lines.length !== 1 || match === null)
    return refuse(
      'this is no public key; give one line such as `ssh-ed25519 AAAA… you@machine`, the .pub file of your key',
    );
  const [, type = '', base64 = '', comment = ''] = match;
  const blob = Buffer.from(base64, 'base64');
  const unfit = unfitType(type);
  if (unfit !== null) return refuse(unfit);
  const sound = soundKey(blob);
  if (sound?.algorithm !== type)
    return refuse(
      'this public key is damaged or too weak to use; copy the whole line of the .pub file, or make a new key',
    );
  const { algorithm, bits } = sound;
  return { ok: true, key: { algorithm, bits, fingerprint: fingerprint(blob), comment: comment.trim() } };
}

/** Why keys of this type are no pass; null: they may be. */
function unfitType(type: string): string | null {
  if (passKeyAlgorithms.some((known) => known === type)) return null;
  if (type.endsWith('-cert-v01@openssh.com'))
    return 'this is a certificate, and certificates are not taken; give the public key itself';
  if (type.startsWith('sk-'))
    return 'this is the key of a security token (FIDO), and those are not taken yet; use an Ed25519 key';
  if (type === 'ssh-dss') return 'DSA keys are too weak; make a new key with `ssh-keygen -t ed25519`';
  return 'keys of this kind are not taken; make one with `ssh-keygen -t ed25519`';
}

function fingerprint(blob: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** The key in a blob; null unless it is a sound one of a kind that can be a pass, written in the one canonical way. */
function soundKey(blob: Buffer): SoundKey | null {
  const parts = new SshReader(blob);
  const type = parts.text();
  const algorithm = passKeyAlgorithms.find((known) => known === type);
  if (algorithm === undefined) return null;
  const read =
    algorithm === 'ssh-rsa' ? rsaKey(parts) : algorithm === 'ssh-ed25519' ? edKey(parts) : ecKey(algorithm, parts);
  if (read === null || publicBlobOf(read.key)?.equals(blob) !== true) return null;
  return { algorithm, ...read };
}

type KeyAndBits = Pick<SoundKey, 'key' | 'bits'> | null;

function rsaKey(parts: SshReader): KeyAndBits {
  const [exponent, modulus] = [withoutSign(parts.string()), withoutSign(parts.string())];
  const [e, n] = [exponent?.at(-1), modulus?.at(-1)];
  // An exponent of one would make every message its own signature.
  if (exponent === null || modulus === null || e === undefined || n === undefined || e % 2 === 0 || n % 2 === 0)
    return null;
  if (exponent.length > longestExponentBytes || (exponent.length === 1 && e < 3)) return null;
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits > mostRsaBits) return null;
  return keyOf({ kty: 'RSA', e: exponent.toString('base64url'), n: modulus.toString('base64url') }, bits);
}

function edKey(parts: SshReader): KeyAndBits {
  const point = parts.string();
  if (point?.length !== 32) return null;
  const unsigned = Buffer.from(point);
  unsigned[31] = (unsigned[31] ?? 0) & 0x7f;
  if (smallOrder.has(unsigned.toString('hex'))) return null;
  return keyOf({ kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') }, 256);
}

function ecKey(algorithm: keyof typeof curves, parts: SshReader): KeyAndBits {
  const { curve, bits } = curves[algorithm];
  parts.string();
  const point = parts.string();
  const width = Math.ceil(bits / 8);
  if (point?.length !== 1 + 2 * width || point[0] !== 4) return null;
  const [x, y] = [point.subarray(1, 1 + width), point.subarray(1 + width)].map((each) => each.toString('base64url'));
  return keyOf({ kty: 'EC', crv: curve, x, y }, bits);
}

/** OpenSSL refuses a point that is not on its curve. */
function keyOf(jwk: Readonly<Record<string, string | undefined>>, bits: number): KeyAndBits {
  try {
    return { key: createPublicKey({ key: jwk, format: 'jwk' }), bits };
  } catch {
    return null;
  }
}

function withoutSign(number: Buffer | null): Buffer | null {
  return number?.[0] === 0 ? number.subarray(1) : number;
}

function isSigned({ algorithm, key: blob, signed, signature }: ShownSignature): boolean {
  const sound = soundKey(Buffer.from(blob));
  const parts = new SshReader(Buffer.from(signature));
  const named = parts.text();
  const bytes = parts.string();
  if (sound === null || named !== algorithm || bytes === null || !parts.atEnd) return false;
  const { key } = sound;
  try {
    switch (sound.algorithm) {
      case 'ssh-ed25519':
        return algorithm === 'ssh-ed25519' && verify(null, signed, key, bytes);
      case 'ssh-rsa': {
        const hash = rsaHashes[algorithm];
        return hash !== undefined && verify(hash, signed, key, padded(bytes, Math.ceil(sound.bits / 8)) ?? bytes);
      }
      default: {
        const { hash, bits } = curves[sound.algorithm];
        const numbers = new SshReader(bytes);
        const width = Math.ceil(bits / 8);
        const [r, s] = [numbers.string(), numbers.string()].map((number) => padded(withoutSign(number), width));
        if (r === null || s === null || r === undefined || s === undefined || !numbers.atEnd) return false;
        const both = Buffer.concat([r, s]);
        return algorithm === sound.algorithm && verify(hash, signed, { key, dsaEncoding: 'ieee-p1363' }, both);
      }
    }
  } catch {
    return false;
  }
}

/** The bytes with zeros before them; null when they are too many. */
function padded(bytes: Buffer | null, width: number): Buffer | null {
  if (bytes === null || bytes.length > width) return null;
  return Buffer.concat([Buffer.alloc(width - bytes.length), bytes]);
}
