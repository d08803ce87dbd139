import type { Protocol } from '../kernel/door.ts';
import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { CredentialId, SshKeyId, TargetId } from '../kernel/ids.ts';
import type { ShownCertificate } from '../kernel/shown-certificate.ts';

/** How the certificate of a target that speaks TLS is checked; one of the three. With `ca` and `system` it has to name the target's host. */
export interface TlsTrust {
  /** PEM of the CAs that may have signed it. */
  readonly ca?: string;
  /** The CAs that come with the runtime. */
  readonly system?: true;
  /** The SHA-256 of this very certificate (DER), 64 lower-case hex digits; its names, issuer and dates do not count then. */
  readonly certificateSha256?: string;
}

/** What a target's identity is checked against. Null: nothing is trusted yet, and nothing opens. */
export interface TargetTrust {
  /** OpenSSH public key lines, `ssh-ed25519 AAAA…`, without comment. */
  readonly hostKeys?: readonly string[];
  /** Public key lines of CAs whose host certificates are trusted when they name the target's host. */
  readonly hostCa?: readonly string[];
  /** Of targets that speak TLS. */
  readonly tls?: TlsTrust;
}

export interface TargetSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  readonly trust: TargetTrust | null;
  readonly disabled: boolean;
}

/** Carries the whole spec: the first one registers the target, a later one revises it. */
export type TargetDeclared = DomainEvent<'TargetDeclared', TargetSpec>;
export type TargetWithdrawn = DomainEvent<'TargetWithdrawn', Record<string, never>>;
/** The system itself asked the target for its host keys or its certificate, without logging in, on an administrator's wish. */
export type TargetScanned = DomainEvent<
  'TargetScanned',
  {
    /** Public key lines; `authority` is the CA of the certificate in which a key was shown. */
    readonly offered: readonly { readonly key: string; readonly authority: string | null }[];
    /** Of a target that speaks TLS. */
    readonly certificate: ShownCertificate | null;
    /** What went wrong. */
    readonly error: string | null;
  }
>;
export type TargetEvent = TargetDeclared | TargetWithdrawn | TargetScanned;

export const targetEvents: EventSchemas<TargetEvent> = {
  // Version 2 may hold `trust.hostCa`, version 3 `trust.tls`.
  TargetDeclared: { version: 3, upcasts: { 1: (data) => data, 2: (data) => data } },
  TargetWithdrawn: { version: 1 },
  // Version 1 knew SSH alone.
  TargetScanned: { version: 2, upcasts: { 1: (data) => ({ ...data, certificate: null }) } },
};

export type AccountCredential =
  | { readonly kind: 'password'; readonly credentialId: CredentialId }
  | { readonly kind: 'ssh-key'; readonly sshKeyId: SshKeyId };

/** `username` is the login on the target: what login names and entitlements mean by "account". */
export interface AccountSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly targetId: TargetId;
  readonly username: string;
  readonly credential: AccountCredential;
}

export type AccountDeclared = DomainEvent<'AccountDeclared', AccountSpec>;
export type AccountWithdrawn = DomainEvent<'AccountWithdrawn', Record<string, never>>;
export type AccountEvent = AccountDeclared | AccountWithdrawn;

export const accountEvents: EventSchemas<AccountEvent> = {
  AccountDeclared: { version: 1 },
  AccountWithdrawn: { version: 1 },
};
