import type { FavouritesRow } from '../../application/ports/read-models.ts';
import type { FavouritesEvent } from '../../domain/favourites/events.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { defineView } from '../kit/define-view.ts';

/** What each person marked; one row a person. */
export const favourites = defineView<FavouritesRow, FavouritesEvent>({
  name: 'favourites',
  version: 1,
  key: 'favouritesId',
  columns: { favouritesId: 'text', userId: 'text', accountIds: 'json', version: 'integer' },
  indexes: [],
  rowPer: 'stream',
  handles: ['FavouriteAdded', 'FavouriteRemoved'],
  keys: (event) => (isStreamIdOf('favourites', event.stream) ? [event.stream] : []),

  apply(row, { type, data, streamVersion }, key) {
    if (!isStreamIdOf('favourites', key)) return undefined;
    if (row !== undefined && streamVersion <= row.version) return row;
    const others = (row?.accountIds ?? []).filter((known) => known !== data.accountId);
    const accountIds = type === 'FavouriteAdded' ? [...others, data.accountId] : others;
    return { favouritesId: key, userId: data.userId, accountIds, version: streamVersion };
  },
});
