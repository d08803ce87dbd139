import type { Attributes } from '../../domain/kernel/attributes.ts';

/** How a provider sees somebody: what it reports, never what follows from it. */
export type IdentityStanding = 'active' | 'disabled' | 'expired' | 'locked' | 'must-change';

/** What a provider says of one person. Facts only: the authentication aggregate decides. */
export interface IdentityFact {
  /** Name of the IdentityProvider resource. */
  readonly provider: string;
  /** What never changes and is never given to somebody else: OIDC `sub`, SAML persistent NameID, entryUUID, objectGUID (security rule A6). */
  readonly subject: string;
  readonly username: string;
  readonly email: string | null;
  readonly groups: readonly string[];
  /** What `claims.attributes` of the resource names. */
  readonly attributes: Attributes;
  readonly standing: IdentityStanding;
}

/**
 * Why there is no fact. `locked-out`: the directory tries no password for this account now, so nothing is known of it;
 * `unavailable`: no answer in time; `untrusted`: the answer proves nothing (signature, issuer, audience, replay).
 */
export type ProviderRefusal =
  | 'wrong-answer'
  | 'unknown-user'
  | 'ambiguous'
  | 'locked-out'
  | 'unavailable'
  | 'untrusted'
  | 'missing-claim';

/**
 * What an answer may be used for once, until `until` (ISO 8601; security rule A4). A caller whose `pending` is answered at
 * most once, durably, need not remember `id`: an answer is to one request alone (decision 0100).
 */
export interface UsedOnce {
  readonly id: string;
  readonly until: string;
}

/**
 * `detail` is for the log of the process and for administrators: no secret, nothing personal. `until` (ISO 8601): a login
 * that rests on it ends by then.
 */
export type ProviderAnswer =
  | {
      readonly ok: true;
      readonly identity: IdentityFact;
      readonly once?: UsedOnce;
      readonly grant?: Grant;
      readonly until?: string;
    }
  | { readonly ok: false; readonly reason: ProviderRefusal; readonly detail: string };

/** What a provider lets us ask by later on how somebody is. A secret: it is for the vault alone. */
export type Grant = string;

/**
 * What a provider says when it is asked again; `gone`: the grant counts there no more. `grant` is what to ask by from now
 * on; with a refusal it is what the provider gave in place of the old one, and null when it gave nothing.
 */
export type AskedAgain =
  | { readonly ok: true; readonly identity: IdentityFact; readonly grant: Grant }
  | {
      readonly ok: false;
      readonly reason: ProviderRefusal | 'gone';
      readonly detail: string;
      readonly grant: Grant | null;
    };

/** A directory that takes a password: LDAP and Active Directory. */
export interface DirectoryProvider {
  /** Answers within 5 s, whatever the servers do. An empty password never reaches a server (security rule A1). */
  check(username: string, password: string): Promise<ProviderAnswer>;
  /** How somebody who logged in before is seen now; null: not there any more. Rejects when nobody could be asked. */
  find(subject: string): Promise<IdentityFact | null>;
  /** Everybody under the base, in pages. Rejects when it could not be read to its end. */
  everybody(): AsyncIterable<IdentityFact>;
  close(): Promise<void>;
}

/** What a browser is sent to, and what has to come back with its answer. */
export interface RedirectBegun {
  readonly url: string;
  /** Kept here until the answer comes, bound to the browser: state, nonce, PKCE verifier, request id. JSON. */
  readonly pending: string;
}

/** What the browser brought back to our callback. */
export interface RedirectAnswer {
  /** The whole address, with its query. */
  readonly url: string;
  /** Of a POST (SAML HTTP-POST binding). */
  readonly fields: Readonly<Record<string, string>>;
}

/** Whom the provider says it logged out. `detail` as in `ProviderAnswer`. */
export type LogoutNotice =
  | { readonly ok: true; readonly subject: string }
  | { readonly ok: false; readonly reason: ProviderRefusal; readonly detail: string };

/** A provider in the browser: OpenID Connect and SAML. */
export interface RedirectProvider {
  /** Rejects with a SallyportError of kind `unavailable` when the provider is of no use now; within 5 s. */
  begin(): Promise<RedirectBegun>;
  /** `pending` is used once, by whoever calls. Answers within 5 s, whatever the provider does. */
  finish(answer: RedirectAnswer, pending: string): Promise<ProviderAnswer>;
  /** Where the browser is sent to log `subject` out there too; null: the provider has no such place. Rejects as `begin`. */
  logout(subject: string): Promise<string | null>;
  /** Reads what the provider sent us itself, once, when somebody was logged out there. Absent: it sends nothing of the kind. */
  logoutNotice?(token: string): Promise<LogoutNotice>;
  /** How `subject` is seen now, by what a login left. Answers within 5 s. Absent: it can't be asked again. */
  readonly ask?: (grant: Grant, subject: string) => Promise<AskedAgain>;
}

/** The enabled IdentityProvider resources, as they stand now: a change to one counts from the next call. */
export interface IdentityProviders {
  list(): Promise<readonly ProviderSummary[]>;
  /** Null: there is none of that name that takes passwords (or it is disabled). */
  directory(name: string): Promise<DirectoryProvider | null>;
  /** Null: there is none of that name in the browser (or it is disabled). */
  redirect(name: string): Promise<RedirectProvider | null>;
  /** Our own SAML metadata, as XML, for the provider of that name. Null: there is none of type saml (or it is disabled). */
  serviceMetadata(name: string): Promise<string | null>;
}

export interface ProviderSummary {
  /** Name of the IdentityProvider resource; never `local`. */
  readonly name: string;
  readonly type: 'oidc' | 'saml' | 'ldap';
  /** Whether somebody's first login makes a user (`createUsers`, by default true). */
  readonly createsUsers: boolean;
}
