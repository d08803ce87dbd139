import type { ShownCertificate } from '../../domain/kernel/shown-certificate.ts';
import type { TargetTrust } from '../../domain/target/events.ts';

/** A certificate that a target has shown, and proven that it has its key. */
export interface OfferedCertificate extends ShownCertificate {
  /** Why the trust that stands does not take it; null when it does. */
  readonly problem: string | null;
}

export interface CertificateScan {
  readonly offered: OfferedCertificate | null;
  /** What went wrong, in words for the administrator; nothing was offered then. */
  readonly error: string | null;
}

export interface ScannedPlace {
  /** For messages. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly trust: TargetTrust | null;
}

/** Connects to a target and makes a TLS handshake, without logging in. Bounded in time; never rejects. */
export type ScanCertificate = (place: ScannedPlace) => Promise<CertificateScan>;
