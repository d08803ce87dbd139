import { createPublicKey, type KeyObject } from 'node:crypto';
import { SshReader, sshNumber, sshString } from './ssh-encoding.ts';

const curves: Readonly<Record<string, string>> = { 'P-256': 'nistp256', 'P-384': 'nistp384', 'P-521': 'nistp521' };
const coordinateBytes: Readonly<Record<string, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 };

/** RSA keys below this are not taken any more. */
const leastRsaBits = 2_048;
const mostRsaBits = 16_384;

/** The public half as SSH writes it (RFC 4253 6.6, RFC 5656 3.1, RFC 8709 4); null for kinds that SSH has not. */
export function publicBlobOf(key: KeyObject): Buffer | null {
  const type = key.asymmetricKeyType;
  if (type !== 'rsa' && type !== 'ec' && type !== 'ed25519') return null;
  const jwk = (key.type === 'public' ? key : createPublicKey(key)).export({ format: 'jwk' });
  if (type === 'rsa') {
    return Buffer.concat([sshString('ssh-rsa'), sshNumber(part(jwk.e)), sshNumber(part(jwk.n))]);
  }
  if (type === 'ed25519') return Buffer.concat([sshString('ssh-ed25519'), sshString(part(jwk.x))]);
  const curve = curves[jwk.crv ?? ''];
  const width = coordinateBytes[jwk.crv ?? ''];
  if (curve === undefined || width === undefined) return null;
  const point = Buffer.concat([Buffer.of(4), padded(part(jwk.x), width), padded(part(jwk.y), width)]);
  return Buffer.concat([sshString(`ecdsa-sha2-${curve}`), sshString(curve), sshString(point)]);
}

function part(text: string | undefined): Buffer {
  return Buffer.from(text ?? '', 'base64url');
}

function padded(bytes: Buffer, width: number): Buffer {
  return Buffer.concat([Buffer.alloc(Math.max(0, width - bytes.length)), bytes]);
}

function bitLength(number: Buffer): number {
  const first = number.findIndex((byte) => byte !== 0);
  return first === -1 ? 0 : (number.length - first) * 8 - (Math.clz32(number[first] ?? 0) - 24);
}

/** Why a public half cannot be used; null: it can. */
export function blobProblem(blob: Buffer): string | null {
  const reader = new SshReader(blob);
  const type = reader.text();
  if (type === 'ssh-ed25519') return reader.string()?.length === 32 ? null : 'is no whole Ed25519 key';
  if (type === 'ssh-rsa') {
    reader.string();
    const modulus = reader.string();
    const bits = modulus === null ? 0 : bitLength(modulus);
    if (bits < leastRsaBits) return `is an RSA key of fewer than ${leastRsaBits} bits; make a longer one`;
    return bits > mostRsaBits ? `is an RSA key of more than ${mostRsaBits} bits` : null;
  }
  if (/^ecdsa-sha2-nistp(256|384|521)$/.test(type ?? ''))
    return reader.text() === type?.slice(11) ? null : 'is no whole ECDSA key';
  return 'is of a kind that is not taken; Ed25519, RSA and ECDSA are';
}

/** `ssh-ed25519 AAAA…` without comment. */
export function publicLine(blob: Buffer): string {
  return `${new SshReader(blob).text() ?? ''} ${blob.toString('base64')}`;
}
