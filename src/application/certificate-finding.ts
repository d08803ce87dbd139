import { type Finding, ok, problem, warning } from './finding.ts';

/** What was seen of a certificate: `problem` is Node's code of why it would not be trusted; null: it would. */
interface Seen {
  readonly problem: string | null;
  readonly names: string;
  readonly issuer: string;
  readonly validTo: Date;
}

const day = 86_400_000;
/** Ends of a chain that nobody here vouches for. */
const unknownIssuer = [
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
];

/** Name, issuer and dates of a provider's certificate. `ownCa`: whether `spec.tls.ca` says whom to trust. */
export function certificateFinding(check: string, host: string, seen: Seen, ownCa: boolean, now: Date): Finding {
  const until = `valid until ${seen.validTo.toISOString()}`;
  if (seen.problem === null) {
    const left = Math.floor((seen.validTo.getTime() - now.getTime()) / day);
    const message = `names ${host}, issued by ${seen.issuer}, ${until}`;
    return left < 14 ? warning(check, message, 'have it renewed at the provider') : ok(check, message);
  }
  if (seen.problem === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return problem(check, `is for ${seen.names}, not for ${host}`, 'write a name that stands in the certificate');
  }
  if (seen.problem === 'CERT_HAS_EXPIRED')
    return problem(check, `has expired: ${until}`, 'have it renewed at the provider');
  if (seen.problem === 'CERT_NOT_YET_VALID')
    return problem(check, 'is not valid yet', 'compare the clocks of both machines');
  if (unknownIssuer.includes(seen.problem)) {
    const mend = ownCa
      ? 'put the certificate of this CA into spec.tls.ca'
      : 'name its CA in spec.tls.ca (PEM), unless it should be a public one';
    return problem(check, `is issued by ${seen.issuer}, which is not trusted`, mend);
  }
  return problem(check, `is not trusted (${seen.problem})`, 'look at the certificate of the provider');
}

/** `at` is what the provider's clock said. */
export function clockFinding(check: string, at: Date, now: Date, allowedSeconds: number): Finding {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1000);
  if (Math.abs(seconds) <= allowedSeconds) return ok(check, `is within ${allowedSeconds} s of ours`);
  const how = `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} ours`;
  return problem(check, `is ${how}`, 'set both clocks by NTP: what it signs is refused as too old or from the future');
}
