import type { TargetScanned, TargetTrust } from '../../domain/target/events.ts';
import type { TargetScan } from '../ports/application-face.ts';

/** What a target showed in one scan. */
export interface Seen extends Pick<TargetScan, 'error'> {
  /** For the event. */
  readonly noted: TargetScanned['data'];
  /** Whether it can be confirmed by this fingerprint. */
  shows(fingerprint: string): boolean;
  /** The trust with what has one of these fingerprints; null: with what the target showed, for an administrator to compare. */
  trustWith(trust: TargetTrust | null, fingerprints: readonly string[] | null): TargetTrust;
  /** Judged by this trust. */
  judged(trust: TargetTrust | null): Pick<TargetScan, 'keys' | 'certificate'>;
}
