import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { AuthenticationId, UserId } from '../kernel/ids.ts';
import type { Personal } from '../kernel/personal.ts';
import type { IdentityStanding, LearnedBy } from '../kernel/standing.ts';

/**
 * The stream is `identity-<hmac>` over provider and subject, so that it is one person's at a time (security rule A6).
 * `authenticationId` is the attempt in which the owner proved it; null when an administrator linked it.
 */
export type IdentityLinked = DomainEvent<
  'IdentityLinked',
  {
    readonly userId: UserId;
    /** Name of the IdentityProvider resource. */
    readonly provider: string;
    readonly subject: Personal;
    readonly by: 'first-login' | 'owner' | 'administrator';
    readonly authenticationId: AuthenticationId | null;
  }
>;

/** How the provider saw the person when it was asked (`at`, by the server's clock). Said once: what is unchanged gives no event. */
export type IdentityObserved = DomainEvent<
  'IdentityObserved',
  {
    readonly userId: UserId;
    readonly username: Personal;
    readonly email: Personal | null;
    readonly groups: readonly string[];
    /** JSON, by `attributesText`: what the provider's resource asks for besides. */
    readonly attributes: Personal;
    readonly standing: IdentityStanding;
    readonly at: string;
    readonly by: LearnedBy;
  }
>;
export type IdentityUnlinked = DomainEvent<
  'IdentityUnlinked',
  { readonly userId: UserId; readonly by: 'owner' | 'administrator' | 'user-removed' }
>;

export type IdentityEvent = IdentityLinked | IdentityObserved | IdentityUnlinked;

export const identityEvents: EventSchemas<IdentityEvent> = {
  IdentityLinked: { version: 1, personal: ['subject'], person: 'userId' },
  IdentityObserved: { version: 1, personal: ['username', 'email', 'attributes'], person: 'userId' },
  IdentityUnlinked: { version: 1 },
};
