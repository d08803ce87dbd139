import { createHash } from 'node:crypto';
import type { TargetTrust } from '../../domain/target/events.ts';
import { Reader } from './codec/wire.ts';
import { type HostKeyAlgorithm, hostKeyAlgorithms, signaturesFor } from './algorithms.ts';

/** A public key as it stands in `trust.hostKeys`: type and base64, without comment. */
export function keyLine(blob: Buffer): string {
  return `${new Reader(blob).latin1()} ${blob.toString('base64')}`;
}

/** As `ssh-keygen -l` shows it: `SHA256:…`. */
export function fingerprint(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** True when the offered key is one of those that an administrator confirmed. */
export function isTrusted(blob: Buffer, trust: TargetTrust | null): boolean {
  const line = keyLine(blob);
  return (trust?.hostKeys ?? []).some((trusted) => withoutComment(trusted) === line);
}

/**
 * Algorithms to ask the target for: those of the trusted keys first, so that it shows the key that is known; then the
 * others, so that a changed key is seen and can be named instead of a failed negotiation.
 */
export function hostKeyPreference(trust: TargetTrust | null): HostKeyAlgorithm[] {
  const known = (trust?.hostKeys ?? []).flatMap((line) => signaturesFor(line.split(' ')[0] ?? ''));
  return [...new Set([...known, ...hostKeyAlgorithms])];
}

function withoutComment(line: string): string {
  return line.trim().split(/\s+/).slice(0, 2).join(' ');
}
