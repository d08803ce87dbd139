import type { ShownCertificate } from '../../domain/kernel/shown-certificate.ts';
import type { TargetTrust } from '../../domain/target/events.ts';
import type { CertificateScan, OfferedCertificate } from '../ports/certificate-scan.ts';
import { plainFingerprint } from '../resources/certificates.ts';
import type { Seen } from './seen.ts';

export function seenCertificate({ offered, error }: CertificateScan): Seen {
  return {
    error,
    noted: { offered: [], certificate: offered === null ? null : described(offered), error },
    shows: (fingerprint) => plainFingerprint(fingerprint) === offered?.sha256,
    trustWith: (trust, fingerprints) => {
      const stands = offered === null || (fingerprints === null && offered.problem === null);
      return stands ? (trust ?? {}) : { tls: { certificateSha256: offered.sha256 } };
    },
    judged: (trust) => ({ keys: [], certificate: offered === null ? null : judged(offered, trust) }),
  };
}

function described({ problem: _, ...certificate }: OfferedCertificate): ShownCertificate {
  return certificate;
}

/** The trust may have become this very certificate since the scan. */
function judged(offered: OfferedCertificate, trust: TargetTrust | null): OfferedCertificate {
  return trust?.tls?.certificateSha256 === offered.sha256 ? { ...offered, problem: null } : offered;
}
