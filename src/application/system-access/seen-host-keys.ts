import type { TargetTrust } from '../../domain/target/events.ts';
import type { HostKeyScan, OfferedHostKey } from '../ports/host-key-scan.ts';
import type { Seen } from './seen.ts';

export function seenHostKeys({ offered, error }: HostKeyScan): Seen {
  return {
    error,
    noted: {
      offered: offered.map(({ line, authority }) => ({ key: line, authority: authority?.line ?? null })),
      certificate: null,
      error,
    },
    shows: (fingerprint) => offered.some((key) => shows(key, fingerprint)),
    trustWith: (trust, fingerprints) => trustWith(trust, offered, fingerprints),
    judged: (trust) => ({
      keys: offered.map((key) => ({ ...key, trusted: isTrusted(key, trust) })),
      certificate: null,
    }),
  };
}

function shows({ fingerprint, authority }: OfferedHostKey, wanted: string): boolean {
  return authority === null ? fingerprint === wanted : authority.fingerprint === wanted && authority.problem === null;
}

/** The trust with all keys (not CAs) that were offered, or with what has one of these fingerprints. */
function trustWith(
  trust: TargetTrust | null,
  offered: readonly OfferedHostKey[],
  fingerprints: readonly string[] | null,
): TargetTrust {
  const chosen = (key: OfferedHostKey): boolean => fingerprints?.some((wanted) => shows(key, wanted)) ?? true;
  const keys = offered.filter((key) => key.authority === null && chosen(key)).map(({ line }) => line);
  const cas = offered.flatMap((key) =>
    fingerprints !== null && key.authority !== null && chosen(key) ? [key.authority.line] : [],
  );
  const hostKeys = [...new Set([...(trust?.hostKeys ?? []), ...keys])];
  const hostCa = [...new Set([...(trust?.hostCa ?? []), ...cas])];
  return { ...(hostKeys.length === 0 ? {} : { hostKeys }), ...(hostCa.length === 0 ? {} : { hostCa }) };
}

function isTrusted({ line, authority }: OfferedHostKey, trust: TargetTrust | null): boolean {
  if (trust?.hostKeys?.includes(line) === true) return true;
  return authority !== null && authority.problem === null && trust?.hostCa?.includes(authority.line) === true;
}
