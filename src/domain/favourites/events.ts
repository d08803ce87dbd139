import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { AccountId, UserId } from '../kernel/ids.ts';

/** What a person wants at hand. It gives no right, and says nothing of what they may reach. */
interface Favourite {
  readonly userId: UserId;
  readonly accountId: AccountId;
}

export type FavouriteAdded = DomainEvent<'FavouriteAdded', Favourite>;
export type FavouriteRemoved = DomainEvent<'FavouriteRemoved', Favourite>;
export type FavouritesEvent = FavouriteAdded | FavouriteRemoved;

export const favouritesEvents: EventSchemas<FavouritesEvent> = {
  FavouriteAdded: { version: 1 },
  FavouriteRemoved: { version: 1 },
};
