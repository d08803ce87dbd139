import type { IdentityId, LoginId, UserId } from '../kernel/ids.ts';

/** `nameKey` is the keyed digest of the canonical login name; `bornOf` the identity that logs in for the first time. */
export type CreateUser = {
  readonly type: 'create';
  readonly name: string;
  readonly nameKey: string;
  readonly email: string | null;
  readonly bornOf: IdentityId | null;
};
export type SetEmail = { readonly type: 'set-email'; readonly email: string | null };
/** All groups and roles of the person: what is not named is lost. Order and repeats do not count. */
export type SetMemberships = {
  readonly type: 'set-memberships';
  readonly groups: readonly string[];
  readonly roles: readonly string[];
};
/** `secretId` names the sealed password hash in the vault; `keptLogin` is that in which somebody sets their own. */
export type SetPassword = {
  readonly type: 'set-password';
  readonly secretId: string;
  readonly mustChange: boolean;
  readonly keptLogin: LoginId | null;
};
/**
 * By its owner, when it must be changed. `proof` is how the attempt ended in which they gave the old one: why it failed,
 * whose it was, against which sealed password and until when it counts; null: there is none.
 */
export type ChangePassword = {
  readonly type: 'change-password';
  readonly userId: UserId;
  readonly secretId: string;
  readonly proof: {
    readonly userId: UserId | null;
    readonly reason: string;
    readonly passwordId: string | null;
    readonly until: string | null;
  } | null;
  /** The new one opens what the old one opened. */
  readonly sameAsBefore: boolean;
  readonly at: string;
};
/** `resetId` names what proves the link, sealed. */
export type OfferPasswordReset = {
  readonly type: 'offer-password-reset';
  readonly resetId: string;
  /** An identity provider says who this person is. */
  readonly hasIdentity: boolean;
  readonly ttlMilliseconds: number;
  readonly at: string;
};
/** By who has the link; `verified`: its secret is the one that `resetId` names. */
export type ResetPassword = {
  readonly type: 'reset-password';
  readonly resetId: string;
  readonly verified: boolean;
  readonly secretId: string;
  readonly at: string;
};
export type PasswordCommand = SetPassword | ChangePassword | OfferPasswordReset | ResetPassword;

export type UserCommand =
  | CreateUser
  | SetEmail
  | SetMemberships
  | PasswordCommand
  | { readonly type: 'disable' }
  | { readonly type: 'enable' }
  | { readonly type: 'remove' }
  /** Once the person's key is destroyed, or to have it destroyed. */
  | { readonly type: 'shred' };
