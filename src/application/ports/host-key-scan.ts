/** A host key that a target has shown and signed with. */
export interface OfferedHostKey {
  /** OpenSSH public key line, without comment. */
  readonly line: string;
  /** `SHA256:…` */
  readonly fingerprint: string;
  /** The CA that vouches for the key in a host certificate; null for a key alone. */
  readonly authority: {
    readonly line: string;
    readonly fingerprint: string;
    /** Why the certificate would not be taken even if its CA were trusted; null when it would. */
    readonly problem: string | null;
  } | null;
}

export interface HostKeyScan {
  readonly offered: readonly OfferedHostKey[];
  /** What went wrong, in words for the administrator; keys that came before it are good. */
  readonly error: string | null;
}

/** Connects to an address and collects its host keys, without logging in. Bounded in time; never rejects. */
export type ScanHostKeys = (host: string, port: number) => Promise<HostKeyScan>;
