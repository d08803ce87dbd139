import { accept, type Decider, reject } from '../kernel/decider.ts';
import type { FavouritesCommand } from './commands.ts';
import type { FavouritesEvent } from './events.ts';
import type { FavouritesState } from './state.ts';

export type FavouritesCode = 'too-many-favourites';

/** More than anybody looks through, and a bound to the row that every list reads. */
export const mostFavourites = 500;

/** The favourites of one person: the stream has the uuid of the user. */
export const favouritesDecider: Decider<FavouritesState, FavouritesCommand, FavouritesEvent, FavouritesCode> = {
  initial: { accountIds: [] },
  decide: ({ type, userId, accountId }, { accountIds }) => {
    if (accountIds.includes(accountId) === (type === 'add')) return accept();
    if (type === 'remove') return accept({ type: 'FavouriteRemoved', data: { userId, accountId } });
    if (accountIds.length < mostFavourites) return accept({ type: 'FavouriteAdded', data: { userId, accountId } });
    return reject('too-many-favourites', `you have ${String(mostFavourites)} favourites; remove one of them first`);
  },
  evolve: ({ accountIds }, { type, data }) => {
    const others = accountIds.filter((known) => known !== data.accountId);
    return { accountIds: type === 'FavouriteAdded' ? [...others, data.accountId] : others };
  },
};
