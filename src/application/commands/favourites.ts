import { favouritesDecider } from '../../domain/favourites/decider.ts';
import { type AccountId, streamId } from '../../domain/kernel/ids.ts';
import { findPlace } from '../admission/policy-state.ts';
import type { Viewer } from '../ports/application-face.ts';
import type { MyAccess, OwnReachEntry } from '../ports/my-access.ts';
import type { Refused } from '../ports/viewer.ts';
import { upToHead } from '../reading.ts';
import { viewerContext } from './logins.ts';
import { favouritesOf, type MyReachTools, ownEntries } from './my-reach.ts';
import { refused } from './passes.ts';
import { reachWithin } from './reach.ts';
import { StreamWriter } from './run-command.ts';

type Wish = Parameters<MyAccess['setFavourite']>[1];

/** Only what a person may know of is marked: absent and foreign accounts read the same. */
export async function setFavourite(
  deps: MyReachTools,
  viewer: Viewer,
  wish: Wish,
): Promise<{ readonly ok: true; readonly entry: OwnReachEntry | null } | Refused> {
  const { directory, identities, targetCatalogue, favourites } = deps.views;
  await upToHead(deps.tools.log, directory, identities, targetCatalogue, favourites);
  const place = findPlace(targetCatalogue, wish.target);
  const entries = place === null ? [] : await reachWithin(deps, viewer, [place]);
  const entry = entries.find(({ account }) => account === wish.account);
  const marked = new Set(favouritesOf(deps.views, viewer.userId)?.accountIds ?? []);
  const unreachable = wish.favourite
    ? undefined
    : place?.accounts.find(({ id, username }) => username === wish.account && marked.has(id))?.id;
  const accountId = entry?.accountId ?? unreachable;
  if (accountId === undefined) {
    return refused(
      'not-allowed',
      'that account does not exist or you may not reach it; `sallyport ls` shows what you may',
    );
  }
  const done = await set(deps, viewer, accountId, wish.favourite);
  if (done !== null) return done;
  // What was done stays done when the list can't show it yet: the wait is only for those who look at once.
  await upToHead(deps.tools.log, favourites).catch(() => undefined);
  const own = ownEntries(deps, viewer.userId);
  return { ok: true, entry: entry === undefined ? null : own.entry(entry) };
}

/** Null: done. When there are too many, those go first whose account is gone, since nobody sees them any more. */
async function set(
  deps: MyReachTools,
  viewer: Viewer,
  accountId: AccountId,
  favourite: boolean,
): Promise<Refused | null> {
  const stream = streamId('favourites', viewer.userId.slice('user-'.length));
  const writer = new StreamWriter(deps.tools, favouritesDecider, stream);
  const run = (type: 'add' | 'remove', id: AccountId) =>
    writer.run(viewerContext(deps, viewer), { type, userId: viewer.userId, accountId: id });
  const result = await run(favourite ? 'add' : 'remove', accountId);
  if (result.ok) return null;
  const { targetCatalogue } = deps.views;
  const known = favouritesOf(deps.views, viewer.userId)?.accountIds ?? [];
  const gone = known.filter((id) => (targetCatalogue.get(id)?.withdrawn ?? 1) === 1);
  for (const id of gone) await run('remove', id);
  const again = gone.length === 0 ? result : await run('add', accountId);
  return again.ok ? null : refused(again.rejection.code, again.rejection.message);
}
