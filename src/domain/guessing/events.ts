import type { Door } from '../kernel/door.ts';
import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { UserId } from '../kernel/ids.ts';

/** Whose failed logins became too many: those under one login name, or those from one network. */
export type GuessedAt = 'user' | 'network';

/**
 * Somebody seems to guess (security rule A9): an alert, once in a window. `nameKey` is the keyed digest of the login name,
 * `userId` whose it is; null where nobody has the name, and for a network. `network` is an IPv4 address or the first 64
 * bits of an IPv6 address; null for a name, which may be tried from many. `refusedMilliseconds`: for so long nothing from
 * that network is looked at; null where nothing is refused.
 */
export type GuessingNoticed = DomainEvent<
  'GuessingNoticed',
  {
    readonly subject: GuessedAt;
    readonly userId: UserId | null;
    readonly nameKey: string | null;
    readonly network: string | null;
    /** Where the last of the failures was. */
    readonly door: Door;
    readonly failures: number;
    readonly refusedMilliseconds: number | null;
  }
>;

export type GuessingEvent = GuessingNoticed;

export const guessingEvents: EventSchemas<GuessingEvent> = { GuessingNoticed: { version: 1 } };
