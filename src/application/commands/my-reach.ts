import { setImmediate } from 'node:timers/promises';
import { type AccountId, streamId, type UserId } from '../../domain/kernel/ids.ts';
import type { DecideAccessTools } from '../admission/decide-access.ts';
import { lastUsed } from '../admission/last-used.ts';
import { everyPlace, type Place, placeOf } from '../admission/policy-state.ts';
import type { MyAccess, OwnReachEntry, ReachEntry, ReachPage, ReachPlace, ReachWish } from '../ports/my-access.ts';
import type { Viewer } from '../ports/viewer.ts';
import type { FavouritesRow, ReadModels } from '../ports/read-models.ts';
import { upToHead } from '../reading.ts';
import { reachText, searchedText } from '../reach-text.ts';
import { searching } from '../search-words.ts';
import { placesAtOnce, reaching, reachInTurns } from './reach.ts';

export interface MyReachTools extends DecideAccessTools {
  readonly views: DecideAccessTools['views'] & Pick<ReadModels, 'favourites' | 'sessionHistory'>;
}

/** A page in the order of names: only as many targets are decided as it takes to fill it. */
export async function reachPage(deps: MyReachTools, viewer: Viewer, wish: ReachWish): Promise<ReachPage> {
  await freshReach(deps);
  const own = ownEntries(deps, viewer.userId);
  const reach = await reaching(deps, viewer);
  const candidates = wanted(everyPlace(deps.views.targetCatalogue), wish, own.favourites);
  const fits = searching(wish.search);
  const found: OwnReachEntry[] = [];
  for (let from = 0; from < candidates.length && found.length <= wish.first; from += placesAtOnce) {
    if (from > 0) await setImmediate();
    const entries = reach(candidates.slice(from, from + placesAtOnce)).toSorted(byPlace);
    for (const entry of entries.map((each) => own.entry(each))) {
      if (wish.allowed !== null && entry.allowed !== wish.allowed) continue;
      if (wish.account !== null && entry.accountId !== wish.account) continue;
      if (wish.favourite !== null && entry.favourite !== wish.favourite) continue;
      if (wish.after !== null && compare(placeIn(entry), wish.after) <= 0) continue;
      if (fits(reachText(entry))) found.push(entry);
    }
  }
  return { entries: found.slice(0, wish.first), more: found.length > wish.first };
}

/** Those that may have an entry that is asked for, by what needs no decision. */
function wanted(
  places: readonly Place[],
  { search, protocol, favourite, account, after }: ReachWish,
  favourites: ReadonlySet<AccountId>,
): readonly Place[] {
  const fits = searching(search);
  return places.filter(({ target: { spec }, accounts }) => {
    if (protocol !== null && spec.protocol !== protocol) return false;
    if (after !== null && spec.name < after[0]) return false;
    if (account !== null && !accounts.some(({ id }) => id === account)) return false;
    if (favourite === true && !accounts.some(({ id }) => favourites.has(id))) return false;
    const usernames = accounts.map(({ username }) => username);
    return search === '' || fits(searchedText(spec.name, usernames, spec.labels));
  });
}

export async function recentReach(
  deps: MyReachTools,
  viewer: Viewer,
  { first, after }: Parameters<MyAccess['recentReach']>[1],
): Promise<ReachPage> {
  await freshReach(deps);
  const own = ownEntries(deps, viewer.userId);
  const { targetCatalogue } = deps.views;
  const used = [...own.used.keys()];
  const rest = after === null ? used : used.slice(used.findIndex((id) => id === after) + 1);
  const targets = new Set(rest.flatMap((id) => targetCatalogue.get(id)?.targetId ?? []));
  const rows = [...targets].flatMap((id) => targetCatalogue.get(id) ?? []).filter(({ withdrawn }) => withdrawn === 0);
  const places = rows.map((row) => placeOf(targetCatalogue, row));
  const entries = await reachInTurns(await reaching(deps, viewer), places);
  const byAccount = new Map(entries.map((entry) => [entry.accountId, entry]));
  const found = rest.flatMap((id) => byAccount.get(id) ?? []).map((each) => own.entry(each));
  return { entries: found.slice(0, first), more: found.length > first };
}

/** What a person keeps of what they may reach. */
export function ownEntries(
  { views }: MyReachTools,
  userId: UserId,
): {
  readonly favourites: ReadonlySet<AccountId>;
  readonly used: ReadonlyMap<AccountId, string>;
  readonly entry: (entry: ReachEntry) => OwnReachEntry;
} {
  const favourites = new Set(favouritesOf(views, userId)?.accountIds ?? []);
  const used = lastUsed(views, userId);
  return {
    favourites,
    used,
    entry: (entry) => ({
      ...entry,
      favourite: favourites.has(entry.accountId),
      lastUsedAt: used.get(entry.accountId) ?? null,
    }),
  };
}

export function favouritesOf(
  { favourites }: Pick<ReadModels, 'favourites'>,
  userId: UserId,
): FavouritesRow | undefined {
  return favourites.get(streamId('favourites', userId.slice('user-'.length)));
}

/** Waits until the views have all that lists of this kind rest on. */
export async function freshReach({ tools, views }: MyReachTools): Promise<void> {
  const { directory, identities, targetCatalogue, favourites, sessionHistory } = views;
  await upToHead(tools.log, directory, identities, targetCatalogue, favourites, sessionHistory);
}

function placeIn({ target, account, accountId }: ReachEntry): ReachPlace {
  return [target, account, accountId];
}

function byPlace(a: ReachEntry, b: ReachEntry): number {
  return compare(placeIn(a), placeIn(b));
}

function compare(a: ReachPlace, b: ReachPlace): number {
  const index = a.findIndex((text, place) => text !== b[place]);
  const [one = '', other = ''] = [a[index], b[index]];
  return one === other ? 0 : one < other ? -1 : 1;
}
