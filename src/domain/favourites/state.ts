import type { AccountId } from '../kernel/ids.ts';

/** In the order in which they were added. */
export interface FavouritesState {
  readonly accountIds: readonly AccountId[];
}
