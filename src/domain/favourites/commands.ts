import type { AccountId, UserId } from '../kernel/ids.ts';

export type FavouritesCommand = {
  readonly type: 'add' | 'remove';
  readonly userId: UserId;
  readonly accountId: AccountId;
};
