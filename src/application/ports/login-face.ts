import type { FactorId, IdentityId, LoginId, UserId } from '../../domain/kernel/ids.ts';
import type { Mechanism } from '../../domain/authentication/events.ts';
import type { RedirectAnswer } from './identity-providers.ts';
import type { Refused, Viewer } from './viewer.ts';

/** A challenge as a stranger sees it: which factors may answer it is nobody's business. */
export interface ShownChallenge {
  readonly mechanisms: readonly Pick<Mechanism, 'id' | 'name' | 'answerType'>[];
}

export interface StartedAuthentication {
  /** Sealed: whoever has it goes on with the attempt. Of a fresh factor, which is of its login alone, the stream. */
  readonly authenticationId: string;
  readonly challenges: readonly ShownChallenge[];
  readonly expiresAt: string;
}

/** What somebody may choose to log in by. `password`: name and password are typed here; `redirect`: a page elsewhere. */
export interface ShownProvider {
  /** `local`, or the name of the IdentityProvider resource. */
  readonly name: string;
  readonly manner: 'password' | 'redirect';
}

export type LoginDoor = 'web' | 'cli';

/** What asks for a fresh factor: a pass, or a change of the factors themselves. */
type FreshFactorNeed = 'pass' | 'factors';

/** What an answer to IDP or WebAuthn needs first. `round` is sealed: whoever began keeps it, and gives it back with the answer. */
export type BegunMechanism =
  | { readonly status: 'begun'; readonly round: string; readonly redirect: string; readonly options: null }
  /** `options`: JSON of PublicKeyCredentialRequestOptions (WebAuthn Level 3, section 5.5). */
  | { readonly status: 'begun'; readonly round: string; readonly redirect: null; readonly options: string }
  | { readonly status: 'failed'; readonly message: string };

export interface AuthenticationAnswer {
  readonly authenticationId: string;
  readonly mechanismId: string;
  /** Text for UP, OATH and RC, the JSON of the PublicKeyCredential for WebAuthn; what the browser brought back for IDP. */
  readonly answer: string | RedirectAnswer;
  /** From `beginMechanism`; null for mechanisms that need nothing of ours. */
  readonly round: string | null;
  readonly source: string;
}

/** `mustChange`: `changePassword` with this attempt sets another one, then a new login works. */
export type AuthenticationProgress =
  | { readonly status: 'next'; readonly challenges: readonly ShownChallenge[] }
  | { readonly status: 'failed'; readonly message: string; readonly mustChange: boolean }
  | {
      readonly status: 'success';
      readonly login: { readonly loginId: LoginId; readonly secret: string; readonly expiresAt: string };
      readonly user: { readonly id: UserId; readonly name: string };
    }
  /** Of an attempt that opens no login: a fresh factor, or a link that stands now. */
  | {
      readonly status: 'shown';
      /** As it was given at the start. */
      readonly authenticationId: string;
      readonly purpose: 'fresh-factor' | 'link';
    };

export interface OwnLogin {
  readonly loginId: LoginId;
  readonly door: LoginDoor;
  readonly source: string;
  readonly provider: string;
  readonly factors: readonly string[];
  readonly openedAt: string;
  readonly expiresAt: string;
  /** The one that asks. */
  readonly current: boolean;
}

export interface OwnIdentity {
  readonly identityId: IdentityId;
  readonly provider: string;
  readonly username: string;
  readonly standing: string;
}

export interface OwnFactor {
  readonly factorId: FactorId;
  readonly kind: 'totp' | 'webauthn' | 'recovery';
  readonly label: string;
  readonly enrolledAt: string;
  readonly lastUsedAt: string | null;
  /** Of recovery codes: how many are left. */
  readonly left: number | null;
}

/** Logging in, and what belongs to one's own login. The same answer and work for names nobody has (security rule A10). */
export interface LoginFace {
  loginProviders(): Promise<readonly ShownProvider[]>;
  /**
   * `provider` null: the local one for a name of our own with a password, otherwise the only enabled directory. `userName` is null
   * where a provider in the browser says who it is. Errors: kind `invalid` for a provider that is not there.
   */
  startAuthentication(wish: {
    readonly userName: string | null;
    readonly provider: string | null;
    readonly door: LoginDoor;
    readonly clientId: string | null;
    readonly source: string;
  }): Promise<StartedAuthentication>;
  /** Somebody logged in shows a factor once more: for a pass one that the policy asks for, to change factors any of theirs. */
  startFreshFactor(
    viewer: Viewer,
    wish: { readonly for: FreshFactorNeed; readonly door: LoginDoor; readonly source: string },
  ): Promise<FreshStart>;
  /** Somebody logged in shows that an identity at another provider is theirs too, and a second factor if they have any. */
  startLink(
    viewer: Viewer,
    wish: {
      readonly provider: string;
      readonly userName: string | null;
      readonly door: LoginDoor;
      readonly source: string;
    },
  ): Promise<FreshStart>;
  beginMechanism(wish: {
    readonly authenticationId: string;
    readonly mechanismId: string;
    readonly source: string;
  }): Promise<BegunMechanism>;
  advanceAuthentication(wish: AuthenticationAnswer): Promise<AuthenticationProgress>;
  /** After an attempt that failed with `mustChange`. */
  changePassword(wish: {
    readonly authenticationId: string;
    readonly password: string;
  }): Promise<{ readonly ok: true } | Refused>;
  /** By the secret of a one-time link, `spr_…`. */
  resetPassword(wish: { readonly link: string; readonly password: string }): Promise<{ readonly ok: true } | Refused>;
  /** Permission `administer`; the link counts once, for an hour. */
  offerPasswordReset(
    viewer: Viewer,
    userName: string,
  ): Promise<{ readonly ok: true; readonly link: string; readonly expiresAt: string } | Refused>;
  /** A second login of the same person at another door, as the device flow asks for it (RFC 8628, section 3.3). */
  openLoginFor(
    viewer: Viewer,
    wish: { readonly door: LoginDoor; readonly source: string },
  ): Promise<{ readonly loginId: LoginId; readonly secret: string; readonly expiresAt: string }>;
  ownLogins(viewer: Viewer): Promise<readonly OwnLogin[]>;
  closeLogin(viewer: Viewer, loginId: LoginId): Promise<{ readonly ok: true } | Refused>;
  /** Sign out everywhere: every login but, with `exceptThis`, the one that asks; and every token and key. */
  closeEverything(viewer: Viewer, exceptThis: boolean): Promise<void>;
  ownIdentities(viewer: Viewer): Promise<readonly OwnIdentity[]>;
  /** An own identity; with `administer` anybody's. */
  unlinkIdentity(viewer: Viewer, identityId: IdentityId): Promise<{ readonly ok: true } | Refused>;
  /** Where the browser is sent to log out at the provider of this login too; null: nowhere. */
  providerLogout(viewer: Viewer): Promise<string | null>;
}

export type FreshStart = ({ readonly ok: true } & StartedAuthentication) | Refused;

/**
 * Second factors of a person (security rule A8). Whoever has one that can be used changes them from a login opened by one
 * less than 5 minutes ago, or with `freshFactor`, an authentication by which this login showed one, for one change each;
 * otherwise the refusal is `fresh-factor-needed`.
 */
export interface FactorFace {
  ownFactors(viewer: Viewer): Promise<readonly OwnFactor[]>;
  /** Those of somebody else with `administer`; null: one's own. */
  factorsOf(
    viewer: Viewer,
    userName: string | null,
  ): Promise<{ readonly ok: true; readonly factors: readonly OwnFactor[] } | Refused>;
  /** `uri` is otpauth:// for an authenticator app; nothing is enrolled until `finishTotp`. `sealed` comes back with it. */
  beginTotp(
    viewer: Viewer,
    label: string,
    freshFactor?: string | null,
  ): Promise<{ readonly ok: true; readonly secret: string; readonly uri: string; readonly sealed: string } | Refused>;
  finishTotp(viewer: Viewer, wish: { readonly sealed: string; readonly code: string }): Promise<EnrolledFactor>;
  /** `options`: JSON of PublicKeyCredentialCreationOptions (WebAuthn Level 3, section 5.4). */
  beginWebauthn(
    viewer: Viewer,
    label: string,
    freshFactor?: string | null,
  ): Promise<{ readonly ok: true; readonly options: string; readonly sealed: string } | Refused>;
  finishWebauthn(
    viewer: Viewer,
    wish: { readonly sealed: string; readonly credential: string },
  ): Promise<EnrolledFactor>;
  /** Ten codes, shown once; codes from before stop counting. `userName`: with `administer` for somebody else. */
  drawRecoveryCodes(
    viewer: Viewer,
    userName: string | null,
    freshFactor?: string | null,
  ): Promise<{ readonly ok: true; readonly factorId: FactorId; readonly codes: readonly string[] } | Refused>;
  /** An own factor; with `administer` anybody's. */
  removeFactor(
    viewer: Viewer,
    factorId: FactorId,
    freshFactor?: string | null,
  ): Promise<{ readonly ok: true } | Refused>;
}

export type EnrolledFactor = { readonly ok: true; readonly factorId: FactorId } | Refused;
