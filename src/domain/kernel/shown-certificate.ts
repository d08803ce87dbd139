/** A certificate that a target showed, as it says of itself; texts are visible text, bounded. */
export interface ShownCertificate {
  /** Of its DER, 64 lower-case hex digits. */
  readonly sha256: string;
  readonly subject: string;
  readonly issuer: string;
  /** ISO 8601 in UTC. */
  readonly validFrom: string;
  readonly validTo: string;
  /** `DNS:db1.example.org, IP Address:192.0.2.1`; empty for none. */
  readonly names: string;
}
