import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { TargetId } from '../kernel/ids.ts';

export interface CredentialSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Names what is sealed in the vault: a password, or `{"privateKey", "password"}` as JSON; a new secret is a new id. */
  readonly secretId: string;
  /** PEM of a client certificate and those between it and its CA; its private key is in the sealed part. */
  readonly certificate?: string;
}

export type CredentialDeclared = DomainEvent<'CredentialDeclared', CredentialSpec>;
export type CredentialWithdrawn = DomainEvent<'CredentialWithdrawn', Record<string, never>>;
export type CredentialEvent = CredentialDeclared | CredentialWithdrawn;

export const credentialEvents: EventSchemas<CredentialEvent> = {
  // Version 2 may hold `certificate`.
  CredentialDeclared: { version: 2, upcasts: { 1: (data) => data } },
  CredentialWithdrawn: { version: 1 },
};

/** A registered SSH key (segura-ssh-keys-web-proxy): the private half is sealed in the vault under `secretId`. */
export interface SshKeySpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly username: string;
  /** OpenSSH public key line without comment. */
  readonly publicKey: string;
  readonly secretId: string;
  readonly owner: string | null;
  readonly status: 'active' | 'inactive';
  readonly mainTargetId: TargetId | null;
  readonly targetIds: readonly TargetId[];
}

export type SshKeyDeclared = DomainEvent<'SshKeyDeclared', SshKeySpec>;
export type SshKeyWithdrawn = DomainEvent<'SshKeyWithdrawn', Record<string, never>>;
export type SshKeyEvent = SshKeyDeclared | SshKeyWithdrawn;

export const sshKeyEvents: EventSchemas<SshKeyEvent> = {
  SshKeyDeclared: { version: 1 },
  SshKeyWithdrawn: { version: 1 },
};
