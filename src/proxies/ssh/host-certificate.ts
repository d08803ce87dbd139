import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import ssh2 from 'ssh2';
import { ProtocolError } from '../../domain/kernel/errors.ts';
import { fields, Reader } from './codec/wire.ts';

/** An OpenSSH certificate for a host (PROTOCOL.certkeys of OpenSSH, section "New public key formats"). */
export interface HostCertificate {
  /** The certified key as a plain public key blob. */
  readonly key: Buffer;
  readonly kind: number;
  readonly principals: readonly string[];
  /** Seconds since 1970, UTC. */
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  readonly criticalOptions: readonly string[];
  /** The public key blob of the CA. */
  readonly authority: Buffer;
  /** Every byte before the signature. */
  readonly signed: Buffer;
  readonly signature: Buffer;
}

const suffix = '-cert-v01@openssh.com';
const hostKind = 2;
const leastRsaBits = 2048;

/** Fields of the plain key in a certificate, by the type of the key. */
const keyFields: Readonly<Record<string, number>> = {
  'ssh-ed25519': 1,
  'ecdsa-sha2-nistp256': 2,
  'ecdsa-sha2-nistp384': 2,
  'ecdsa-sha2-nistp521': 2,
  'ssh-rsa': 2,
};

/** Signature algorithms with SHA-2 by the type of the CA's key, and the bytes of each half of an ECDSA signature. */
const signatureKinds: Readonly<
  Record<string, Readonly<Record<string, { readonly hash: string | null; half: number }>>>
> = {
  'ssh-ed25519': { 'ssh-ed25519': { hash: null, half: 0 } },
  'ecdsa-sha2-nistp256': { 'ecdsa-sha2-nistp256': { hash: 'sha256', half: 32 } },
  'ecdsa-sha2-nistp384': { 'ecdsa-sha2-nistp384': { hash: 'sha384', half: 48 } },
  'ecdsa-sha2-nistp521': { 'ecdsa-sha2-nistp521': { hash: 'sha512', half: 66 } },
  'ssh-rsa': { 'rsa-sha2-256': { hash: 'sha256', half: 0 }, 'rsa-sha2-512': { hash: 'sha512', half: 0 } },
};

/** Reads one; a ProtocolError for what is none. */
export function decodeHostCertificate(blob: Buffer): HostCertificate {
  const read = new Reader(blob);
  const type = read.latin1();
  const plain = type.endsWith(suffix) ? type.slice(0, -suffix.length) : '';
  const count = keyFields[plain];
  if (count === undefined) throw new ProtocolError('no-certificate', 4, 'a host certificate is of an unknown type');
  read.string(); // The nonce.
  const key = fields(plain, ...Array.from({ length: count }, () => read.string()));
  uint64(read); // The serial number.
  const kind = read.uint32();
  read.string(); // The key id: a text for people.
  const principals = list(read.string(), (each) => each.utf8());
  const validAfter = uint64(read);
  const validBefore = uint64(read);
  const criticalOptions = list(read.string(), (each) => {
    const name = each.utf8();
    each.string();
    return name;
  });
  read.string(); // Extensions: none concerns a host.
  read.string(); // Reserved.
  const authority = read.string();
  const signature = read.string();
  if (read.rest().length > 0) throw new ProtocolError('trailing', blob.length, 'a host certificate does not end');
  const signed = blob.subarray(0, blob.length - 4 - signature.length);
  return { key, kind, principals, validAfter, validBefore, criticalOptions, authority, signed, signature };
}

function uint64(read: Reader): bigint {
  return (BigInt(read.uint32()) << 32n) | BigInt(read.uint32());
}

function list(bytes: Buffer, one: (read: Reader) => string): string[] {
  const texts: string[] = [];
  const read = new Reader(bytes);
  while (!read.done) texts.push(one(read));
  return texts;
}

/** What a certificate is judged by. */
export interface CertificateRules {
  /** Public key lines of trusted CAs, without comment. */
  readonly authorities: readonly string[];
  /** The target's host as its address names it. */
  readonly host: string;
  readonly nowSeconds: number;
}

/** Why a certificate does not prove the host; null when it does (security rule S6: no principals is no host). */
export function certificateProblem(certificate: HostCertificate, rules: CertificateRules): string | null {
  const { authority, kind, principals, criticalOptions } = certificate;
  const line = `${new Reader(authority).latin1()} ${authority.toString('base64')}`;
  if (!rules.authorities.includes(line)) return 'it is signed by another CA than those in trust.hostCa';
  if (!isSigned(certificate)) return 'the signature of the CA is not right, or not with SHA-2';
  if (kind !== hostKind) return 'it is a certificate for users, not for hosts';
  const now = BigInt(Math.floor(rules.nowSeconds));
  if (now < certificate.validAfter) return 'it is not valid yet';
  if (now >= certificate.validBefore) return 'it has expired';
  if (criticalOptions.length > 0) return 'it has critical options, and none is known for hosts';
  if (principals.length === 0) return 'it names no host';
  if (!principals.some((name) => name.toLowerCase() === rules.host.toLowerCase())) {
    return `it does not name ${rules.host}, the host in the address of the target`;
  }
  return null;
}

function isSigned({ authority, signed, signature }: HostCertificate): boolean {
  const read = new Reader(signature);
  const algorithm = read.latin1();
  const value = read.string();
  const type = new Reader(authority).latin1();
  const kind = signatureKinds[type]?.[algorithm];
  if (kind === undefined || !read.done) return false;
  const key = publicKey(type, authority);
  if (key === null) return false;
  if (kind.half === 0) return verify(kind.hash, signed, key, value);
  const halves = new Reader(value);
  const pair = [halves.string(), halves.string()].map((half) => ofLength(half, kind.half));
  if (!halves.done || pair.some((half) => half.length !== kind.half)) return false;
  return verify(kind.hash, signed, { key, dsaEncoding: 'ieee-p1363' }, Buffer.concat(pair));
}

/** An mpint (RFC 4251 section 5) that is not negative, in so many bytes; longer when it does not fit. */
function ofLength(mpint: Buffer, length: number): Buffer {
  const digits = mpint[0] === 0 ? mpint.subarray(1) : mpint;
  return Buffer.concat([Buffer.alloc(Math.max(0, length - digits.length)), digits]);
}

function publicKey(type: string, blob: Buffer): KeyObject | null {
  const parsed = ssh2.utils.parseKey(`${type} ${blob.toString('base64')}`);
  if (parsed instanceof Error) return null;
  const key = createPublicKey(parsed.getPublicPEM());
  const bits = key.asymmetricKeyDetails?.modulusLength ?? leastRsaBits;
  return bits < leastRsaBits ? null : key;
}
