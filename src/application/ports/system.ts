/** Wall-clock time as ISO 8601 UTC with milliseconds. Decisions use `Now`, which never runs behind the log. */
export interface Clock {
  wall(): string;
}

export interface Ids {
  /** A new lower-case uuid; version 7, so that indexes over ids stay local. */
  uuid(): string;
}

/** A new text of 256 random bits, in the 43 characters of base64url. */
export type DrawSecret = () => string;

/**
 * Keyed digest (hex, 64 digits) of a kind and a name under the installation key; reveals nothing of the name. The name is
 * made canonical here: names of users in NFKC and lower case, so that `Alice` and `alice` are one person; names of
 * everything else in NFC, upper and lower case apart.
 */
export interface NameKeys {
  nameKey(kind: string, name: string): string;
}

/** One line of the process log: JSON on standard error. Never a secret, never personal data. */
export interface ProcessLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface ResolvedTarget {
  /** At least one. */
  readonly addresses: readonly { readonly address: string; readonly family: number }[];
  /** One of them is this machine, and the port one of ours. */
  readonly leadsToUs: boolean;
}

/** Looks a target's host up once: what is connected then is what was judged (security rule W5). Rejects when it has no address. */
export type ResolveTarget = (host: string, port: number) => Promise<ResolvedTarget>;
