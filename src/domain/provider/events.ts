import type { DomainEvent, EventSchemas } from '../kernel/event.ts';

/** Signatures by a private key only: with a shared secret, whoever may check one could make one (security rule C1). */
export const signingAlgorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** OpenID Connect. */
export interface OidcConnection {
  readonly type: 'oidc';
  /** https; letter for letter what stands as `iss` in its tokens. */
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Null: RS256. */
  readonly algorithm: SigningAlgorithm | null;
}

/** SAML 2.0. */
export interface SamlConnection {
  readonly type: 'saml';
  /** Of the provider: XML, or the https address to fetch it from. */
  readonly metadata: string;
  /** How the provider knows us; null: the address of our own metadata. */
  readonly entityId: string | null;
}

/** Servers of one directory. One login or test may dial each of them. */
export const mostServers = 8;

/** LDAP and Active Directory. Null: what suits the server's kind; without `groupBase` no groups are asked for. */
export interface LdapConnection {
  readonly type: 'ldap';
  /** `ldaps://…`, or `ldap://…` with StartTLS; asked in this order. Older declarations may have more than `mostServers`. */
  readonly urls: readonly string[];
  readonly bindDn: string;
  readonly userBase: string;
  readonly userFilter: string | null;
  readonly groupBase: string | null;
  readonly groupFilter: string | null;
}

export type ProviderConnection = OidcConnection | SamlConnection | LdapConnection;

/** Names of claims or attributes; null: the usual ones of the type. `attributes`: by what conditions call them. */
export interface ClaimNames {
  readonly username: string | null;
  readonly email: string | null;
  readonly groups: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface IdentityProviderSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly connection: ProviderConnection;
  readonly claims: ClaimNames;
  /** PEM of who may vouch for its servers; null: the authorities that come with the runtime. */
  readonly ca: string | null;
  /** Whether somebody's first login makes a user. */
  readonly createUsers: boolean;
  readonly disabled: boolean;
  /** Names what is sealed in the vault: the client secret or bind password; null: it has none. A new secret is a new id. */
  readonly secretId: string | null;
}

/** Carries the whole spec: the first one registers the provider, a later one revises it. */
export type IdentityProviderDeclared = DomainEvent<'IdentityProviderDeclared', IdentityProviderSpec>;
export type IdentityProviderWithdrawn = DomainEvent<'IdentityProviderWithdrawn', Record<string, never>>;
/**
 * The installation itself is about to ask a provider, on an administrator's wish, what stands against a login by it. In
 * the stream of the provider of this name, or in one of its own when there is none.
 */
export type IdentityProviderTested = DomainEvent<
  'IdentityProviderTested',
  {
    readonly name: string;
    readonly kind: ProviderConnection['type'];
    /** Where it asks; of SAML nothing when the metadata is XML. */
    readonly addresses: readonly string[];
    /** Whether it shows a secret, and whence: the one in custody goes only where it goes anyway. */
    readonly secret: 'custody' | 'given' | 'none';
  }
>;
export type IdentityProviderEvent = IdentityProviderDeclared | IdentityProviderWithdrawn | IdentityProviderTested;

export const identityProviderEvents: EventSchemas<IdentityProviderEvent> = {
  IdentityProviderDeclared: { version: 1 },
  IdentityProviderWithdrawn: { version: 1 },
  IdentityProviderTested: { version: 1 },
};
