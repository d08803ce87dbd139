import type { Door } from '../kernel/door.ts';
import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { AuthenticationId, IdentityId, UserId } from '../kernel/ids.ts';
import type { AdmittedSession, IdentityEndReason } from '../kernel/pass.ts';
import type { LearnedBy } from '../kernel/standing.ts';

/** A web login: what a browser's cookie or the command line's bearer stands for, after a full authentication. */
export type LoginOpened = DomainEvent<
  'LoginOpened',
  {
    readonly userId: UserId;
    readonly authenticationId: AuthenticationId;
    readonly door: Door;
    readonly source: string;
    readonly factors: readonly string[];
    /** `local`, or the name of the IdentityProvider resource. */
    readonly provider: string;
    /** What the login rests on; null: the local password. */
    readonly identityId: IdentityId | null;
    readonly expiresAt: string;
    readonly idleMilliseconds: number;
  }
>;
export type LoginClosed = DomainEvent<
  'LoginClosed',
  {
    readonly reason:
      | 'logout'
      | 'idle'
      | 'administrator'
      /** The person enrolled their first second factor at another login, and this one showed none. */
      | 'factor-enrolled'
      | 'user-disabled'
      | 'user-removed'
      | 'password-set'
      | IdentityEndReason;
    /** How the provider's word came, where that is the reason. */
    readonly how: LearnedBy | null;
  }
>;

export type LoginEvent = LoginOpened | LoginClosed | DomainEvent<'SessionAdmitted', AdmittedSession>;

export const loginEvents: EventSchemas<LoginOpened | LoginClosed> = {
  // Version 1 knew the local password alone.
  LoginOpened: { version: 2, upcasts: { 1: (data) => ({ ...data, provider: 'local', identityId: null }) } },
  LoginClosed: { version: 2, upcasts: { 1: (data) => ({ ...data, how: null }) } },
};
