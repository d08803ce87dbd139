/** One LDAP or Active Directory provider, as its IdentityProvider resource says. */
export interface LdapSettings {
  /** Name of the IdentityProvider resource. */
  readonly name: string;
  /** `ldaps://host[:port]`, or `ldap://host[:port]`, which means StartTLS: nothing is ever asked in clear. Asked in this order. */
  readonly urls: readonly string[];
  /** PEM of who may sign the servers' certificates; null: whom the system trusts. */
  readonly ca: string | null;
  /** Who searches: a DN, for Active Directory also a UPN. */
  readonly bindDn: string;
  readonly bindPassword: string;
  readonly userBase: string;
  /** With `{username}` as a whole value; without it, what suits the server's kind. */
  readonly userFilter?: string | undefined;
  /** Without it, no groups are asked for. */
  readonly groupBase?: string | undefined;
  /** With `{dn}` as a whole value; without it, what suits the server's kind. */
  readonly groupFilter?: string | undefined;
  /** Attributes to read instead of the usual ones; `groups` is one of the group entry, `cn` unless told. */
  readonly claims?: {
    readonly username?: string;
    readonly email?: string;
    readonly groups?: string;
    /** By what conditions call them. */
    readonly attributes?: Readonly<Record<string, string>>;
  };
}

/** What differs between the servers we know. */
export type DirectoryKind = 'active-directory' | 'ldap';
