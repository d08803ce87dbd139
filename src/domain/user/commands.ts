import type { IdentityId } from '../kernel/ids.ts';

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
/** `secretId` names the sealed password hash in the vault. */
export type SetPassword = { readonly type: 'set-password'; readonly secretId: string; readonly mustChange: boolean };

export type UserCommand =
  | CreateUser
  | SetEmail
  | SetMemberships
  | SetPassword
  | { readonly type: 'disable' }
  | { readonly type: 'enable' }
  | { readonly type: 'remove' }
  /** Once the person's key is destroyed, or to have it destroyed. */
  | { readonly type: 'shred' };
