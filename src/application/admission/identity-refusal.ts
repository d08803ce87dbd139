import type { TargetId } from '../../domain/kernel/ids.ts';
import type { RefuseCertificate, RefuseHostKey } from '../../domain/session/commands.ts';
import { CertificateRefused } from './certificate-refusal.ts';
import { HostKeyRefused } from './host-key-refusal.ts';

/** What the audit keeps of a target that did not prove to be the one meant; null for any other error. */
export function identityRefusal(error: unknown, targetId: TargetId): RefuseHostKey | RefuseCertificate | null {
  if (error instanceof HostKeyRefused) {
    const { offered, trusted, problem } = error;
    return { type: 'refuse-host-key', targetId, offered, trusted, problem };
  }
  if (error instanceof CertificateRefused) {
    const { offered, problem } = error;
    return { type: 'refuse-certificate', targetId, offered, problem };
  }
  return null;
}
