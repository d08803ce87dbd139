/**
 * Secrets in custody: envelope encryption, write-only towards people. `recordId` is bound into the ciphertext as
 * additional data, so that a record moved to another id does not open. Errors: kind `absent`, code `secret-absent`;
 * kind `integrity`, code `secret-damaged`; kind `unavailable`, code `vault-unavailable`.
 */
export interface Vault {
  /** Seals and stores durably; an existing record is refused (kind `conflict`): a new secret is a new id. */
  put(recordId: string, secret: Uint8Array): Promise<void>;
  /** Opens a secret for use inside the process: to log in to a target or to check an answer. Never for showing. */
  open(recordId: string): Promise<Uint8Array>;
  /** Destroys a record; destroying an absent one is fine. */
  destroy(recordId: string): Promise<void>;
  /** Ids that begin with `prefix`, for sweeping orphans. */
  list(prefix: string): Promise<readonly string[]>;
}

/** A key per person for the personal fields of events; destroying it shreds them. Synchronous: the log opens rows with it. */
export interface PersonKeys {
  /** 32 bytes; made durably at first use. Null once destroyed. */
  keyFor(person: string, create: boolean): Uint8Array | null;
  destroy(person: string): void;
}
