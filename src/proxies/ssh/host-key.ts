import { createHash } from 'node:crypto';
import { ProtocolError } from '../../domain/kernel/errors.ts';
import type { TargetTrust } from '../../domain/target/events.ts';
import { hostKeyAlgorithms, signaturesFor } from './algorithms.ts';
import { certified } from './certified-keys.ts';
import { Reader } from './codec/wire.ts';
import { certificateProblem, decodeHostCertificate } from './host-certificate.ts';

/** Of a line that the audit keeps; what a target shows may be as long as a packet. */
const longestOffered = 8192;

/** A public key as it stands in `trust.hostKeys`: type and base64, without comment. */
export function keyLine(blob: Buffer): string {
  return `${new Reader(blob).latin1()} ${blob.toString('base64')}`;
}

/** As `ssh-keygen -l` shows it: `SHA256:…`. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** What a target shows in a key exchange: its key, alone or in a certificate. */
export interface ShownHostKey {
  readonly key: Buffer;
  readonly certificate: Buffer | null;
}

export type HostKeyJudgement =
  /** `identity` is for the audit: the fingerprint of the key, and of the CA that vouches for it. */
  | { readonly trusted: true; readonly identity: string }
  /** `offered` is a line of an OpenSSH public key or certificate; `problem` is what is wrong with a certificate. */
  | { readonly trusted: false; readonly offered: string; readonly problem: string | null };

/** Whether an administrator confirmed the key, or a CA that is trusted for hosts vouches for it (security rule S6). */
export function judgeHostKey(
  { key, certificate }: ShownHostKey,
  trust: TargetTrust | null,
  host: string,
  nowSeconds: number,
): HostKeyJudgement {
  const line = keyLine(key);
  if ((trust?.hostKeys ?? []).some((trusted) => withoutComment(trusted) === line)) {
    return { trusted: true, identity: fingerprint(key) };
  }
  if (certificate === null) return { trusted: false, offered: line.slice(0, longestOffered), problem: null };
  const authorities = (trust?.hostCa ?? []).map(withoutComment);
  const problem = problemOf(certificate, { authorities, host, nowSeconds });
  if (problem !== null) return { trusted: false, offered: keyLine(certificate).slice(0, longestOffered), problem };
  const { authority } = decodeHostCertificate(certificate);
  return { trusted: true, identity: `${fingerprint(key)}, certified by ${fingerprint(authority)}` };
}

function problemOf(certificate: Buffer, rules: Parameters<typeof certificateProblem>[1]): string | null {
  try {
    return certificateProblem(decodeHostCertificate(certificate), rules);
  } catch (error) {
    if (error instanceof ProtocolError) return 'it can not be read';
    throw error;
  }
}

/**
 * Algorithms to ask the target for: certificates first when a CA is trusted, and the types of the trusted keys, so that
 * it shows what is known; then the others, so that a changed key is seen and can be named instead of a failed negotiation.
 */
export function hostKeyPreference(trust: TargetTrust | null): string[] {
  const known = (trust?.hostKeys ?? []).flatMap((line) => signaturesFor(line.split(' ')[0] ?? ''));
  const certificates = (trust?.hostCa ?? []).length === 0 ? [] : hostKeyAlgorithms.map(certified);
  return [...new Set([...certificates, ...known, ...hostKeyAlgorithms])];
}

function withoutComment(line: string): string {
  return line.trim().split(/\s+/).slice(0, 2).join(' ');
}
