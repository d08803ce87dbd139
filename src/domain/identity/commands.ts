import type { AuthenticationId, IdentityId, UserId } from '../kernel/ids.ts';
import type { Attributes } from '../kernel/attributes.ts';
import type { IdentityObserved, IdentityUnlinked } from './events.ts';

interface Link {
  readonly identityId: IdentityId;
  readonly userId: UserId;
  readonly provider: string;
  readonly subject: string;
}
/**
 * Somebody logs in who was never here. `providerCreates`: the provider's setting; `userBornOf` is read from the user's
 * stream, which was made under the reserved login name just before.
 */
export type LinkAtFirstLogin = Link & {
  readonly type: 'link-at-first-login';
  readonly authenticationId: AuthenticationId;
  readonly providerCreates: boolean;
  readonly userBornOf: IdentityId | null;
};
/** The owner's explicit act; `proven` is what an authentication with the purpose `link` ended with, null: nothing. */
export type LinkByOwner = Link & {
  readonly type: 'link-by-owner';
  readonly authenticationId: AuthenticationId;
  readonly proven: { readonly userId: UserId; readonly identityId: IdentityId | null } | null;
};
export type LinkByAdministrator = Link & { readonly type: 'link-by-administrator' };
export type ObserveIdentity = {
  readonly type: 'observe';
  readonly seen: Omit<IdentityObserved['data'], 'userId' | 'username' | 'email' | 'attributes'> & {
    readonly username: string;
    readonly email: string | null;
    readonly attributes: Attributes;
  };
};
/** The provider was asked and knows the person no more. */
export type MissIdentity = {
  readonly type: 'miss';
  readonly at: string;
  readonly by: 'sync' | 'notice';
};
export type UnlinkIdentity = {
  readonly type: 'unlink';
  readonly userId: UserId;
  readonly by: IdentityUnlinked['data']['by'];
};

export type LinkIdentity = LinkAtFirstLogin | LinkByOwner | LinkByAdministrator;
export type IdentityCommand = LinkIdentity | ObserveIdentity | MissIdentity | UnlinkIdentity;
