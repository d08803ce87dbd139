import { expect, test } from 'vitest';
import { favouritesDecider, mostFavourites } from '../../../src/domain/favourites/decider.ts';
import type { FavouritesState } from '../../../src/domain/favourites/state.ts';
import { id } from '../kit/ids.ts';

const userId = id('user', 1);
const wish = (type: 'add' | 'remove', number: number) => ({ type, userId, accountId: id('account', number) }) as const;
const kept = (...numbers: readonly number[]): FavouritesState => ({
  accountIds: numbers.map((number) => id('account', number)),
});
const { decide, evolve } = favouritesDecider;

test('the same wish twice is one event', () => {
  const added = { type: 'FavouriteAdded' as const, data: { userId, accountId: id('account', 1) } };
  const removed = { type: 'FavouriteRemoved' as const, data: added.data };
  expect(decide(wish('add', 1), kept())).toEqual({ ok: true, events: [added] });
  expect(decide(wish('add', 1), kept(1))).toEqual({ ok: true, events: [] });
  expect(decide(wish('remove', 1), kept(1, 2))).toEqual({ ok: true, events: [removed] });
  expect(decide(wish('remove', 1), kept(2))).toEqual({ ok: true, events: [] });
  expect(evolve(kept(2), added)).toEqual(kept(2, 1));
  expect(evolve(kept(1, 2), removed)).toEqual(kept(2));
});

test('there are 500 at the most, and one given up makes place for another', () => {
  const all = Array.from({ length: mostFavourites }, (_, number) => number);
  expect(mostFavourites).toBe(500);
  expect(decide(wish('add', 500), kept(...all))).toMatchObject({ rejection: { code: 'too-many-favourites' } });
  expect(decide(wish('add', 500), kept(...all.slice(1)))).toMatchObject({ events: [{ type: 'FavouriteAdded' }] });
  expect(decide(wish('add', 3), kept(...all))).toMatchObject({ events: [] });
});
