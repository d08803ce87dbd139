import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { IdentityId, LoginId, UserId } from '../kernel/ids.ts';
import type { Personal } from '../kernel/personal.ts';

/**
 * `nameKey` is the keyed digest of the canonical login name: what lookups use, since the name itself is sealed.
 * `bornOf` is the identity at whose first login the person was made; null: an administrator declared them.
 */
export type UserCreated = DomainEvent<
  'UserCreated',
  {
    readonly name: Personal;
    readonly nameKey: string;
    readonly email: Personal | null;
    readonly bornOf: IdentityId | null;
  }
>;
export type UserEmailSet = DomainEvent<'UserEmailSet', { readonly email: Personal | null }>;
export type UserMembershipsSet = DomainEvent<
  'UserMembershipsSet',
  { readonly groups: readonly string[]; readonly roles: readonly string[] }
>;
/**
 * `secretId` names the sealed password hash in the vault; `by` is who chose the password. Every login that rests on the
 * one before ends, but for `keptLogin`: that of an administrator who set their own.
 */
export type UserPasswordSet = DomainEvent<
  'UserPasswordSet',
  {
    readonly secretId: string;
    readonly mustChange: boolean;
    readonly by: 'administrator' | 'owner' | 'reset-link';
    readonly keptLogin: LoginId | null;
  }
>;
/** An administrator made a link with which the person sets a password once. `resetId` names what proves it, sealed. */
export type PasswordResetOffered = DomainEvent<
  'PasswordResetOffered',
  { readonly resetId: string; readonly expiresAt: string }
>;
export type UserDisabled = DomainEvent<'UserDisabled', Record<string, never>>;
export type UserEnabled = DomainEvent<'UserEnabled', Record<string, never>>;
export type UserRemoved = DomainEvent<'UserRemoved', Record<string, never>>;
/** The person's key is destroyed: views drop what they hold of the person. */
export type PersonShredded = DomainEvent<'PersonShredded', Record<string, never>>;

export type UserEvent =
  | UserCreated
  | UserEmailSet
  | UserMembershipsSet
  | UserPasswordSet
  | PasswordResetOffered
  | UserDisabled
  | UserEnabled
  | UserRemoved
  | PersonShredded;

export const userEvents: EventSchemas<UserEvent> = {
  // Version 1 knew declared people only.
  UserCreated: { version: 2, upcasts: { 1: (data) => ({ ...data, bornOf: null }) }, personal: ['name', 'email'] },
  UserEmailSet: { version: 1, personal: ['email'] },
  UserMembershipsSet: { version: 1 },
  // Version 1 knew passwords that administrators set; up to version 2 nothing was kept on purpose.
  UserPasswordSet: {
    version: 3,
    upcasts: {
      1: (data) => ({ ...data, by: 'administrator' }),
      2: (data) => ({ ...data, keptLogin: null }),
    },
  },
  PasswordResetOffered: { version: 1 },
  UserDisabled: { version: 1 },
  UserEnabled: { version: 1 },
  UserRemoved: { version: 1 },
  PersonShredded: { version: 1 },
};

/** A group names its members by user id. */
export interface GroupSpec {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly members: readonly UserId[];
}
export type GroupDeclared = DomainEvent<'GroupDeclared', GroupSpec>;
export type GroupWithdrawn = DomainEvent<'GroupWithdrawn', Record<string, never>>;
export type GroupEvent = GroupDeclared | GroupWithdrawn;

export const groupEvents: EventSchemas<GroupEvent> = {
  GroupDeclared: { version: 1 },
  GroupWithdrawn: { version: 1 },
};
