/** One IdentityProvider of type oidc. */
export interface OidcSettings {
  /** Name of the IdentityProvider resource. */
  readonly name: string;
  /** https; the very address that stands as `iss` in its tokens. */
  readonly issuer: string;
  readonly clientId: string;
  /** null: a public client, which proves itself by PKCE alone. */
  readonly clientSecret: string | null;
  /** `openid` is always among them. */
  readonly scopes: readonly string[];
  /** The one algorithm its id tokens are signed with. Default RS256 (OpenID Connect Dynamic Client Registration 1.0 section 2). */
  readonly algorithm?: SigningAlgorithm;
  readonly claims: ClaimNames;
  /** PEM of the authorities that may vouch for it; null: those of the system. */
  readonly ca: string | null;
  /** Our callback, without a query: registered there letter for letter. */
  readonly redirectUri: string;
  /** Our page after a logout there. */
  readonly postLogoutRedirectUri: string;
}

/** Signatures by a private key only: with a shared secret, whoever may check one could make one (security rule C1). */
export type SigningAlgorithm =
  | 'RS256'
  | 'RS384'
  | 'RS512'
  | 'PS256'
  | 'PS384'
  | 'PS512'
  | 'ES256'
  | 'ES384'
  | 'ES512'
  | 'EdDSA'
  | 'Ed25519';

/** Top-level claims of the id token or of userinfo. What is named here has to be there; groups may be none. */
export interface ClaimNames {
  /** Default `preferred_username`. */
  readonly username?: string;
  /** Default `email`, which alone may be missing. */
  readonly email?: string;
  /** Default `groups`. */
  readonly groups?: string;
  /** By what conditions call them; each may be missing. */
  readonly attributes?: Readonly<Record<string, string>>;
}
