import type { SshKeySpec } from '../../domain/credential/events.ts';
import type { AccountId, SshKeyId } from '../../domain/kernel/ids.ts';
import { everyPlace, type Place } from '../admission/policy-state.ts';
import type { MyAccess, SshKeyInReach } from '../ports/my-access.ts';
import type { Viewer } from '../ports/viewer.ts';
import { folded, searching } from '../search-words.ts';
import { freshReach, type MyReachTools, ownEntries } from './my-reach.ts';
import { reaching, reachInTurns } from './reach.ts';

/**
 * The registered SSH keys that some account uses which the viewer may know of, by name, each with its devices among them.
 * Where no entitlement of theirs speaks of an account, neither it nor its key is there.
 */
export async function sshKeysInReach(
  deps: MyReachTools,
  viewer: Viewer,
  { search, name: only, first, after }: Parameters<MyAccess['sshKeys']>[1],
): ReturnType<MyAccess['sshKeys']> {
  await freshReach(deps);
  const { targetCatalogue } = deps.views;
  const { places, keyOf } = usingKeys(everyPlace(targetCatalogue));
  const own = ownEntries(deps, viewer.userId);
  const entries = (await reachInTurns(await reaching(deps, viewer), places)).map((each) => own.entry(each));
  const devices = Map.groupBy(entries, ({ accountId }) => keyOf.get(accountId));
  const fits = searching(search);
  const keys = [...devices].flatMap(([id, ofKey]): readonly SshKeyInReach[] => {
    const row = id === undefined ? undefined : targetCatalogue.get(id);
    if (id === undefined || row === undefined || row.withdrawn === 1) return [];
    const { name, labels, username, publicKey, owner, status, mainTargetId } = row.spec as unknown as SshKeySpec;
    if (only !== null && name !== only) return [];
    const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    if (!fits(folded([name, username, ...pairs, ...ofKey.map(({ target }) => target)].join('\n')))) return [];
    // Who may not know of a target does not learn of it as the main device of a key.
    const main = ofKey.find(({ targetId }) => targetId === mainTargetId)?.targetId ?? null;
    return [{ id, name, labels, username, publicKey, owner, status, mainTargetId: main, devices: ofKey }];
  });
  const sorted = keys.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const rest = after === null ? sorted : sorted.filter(({ name }) => name > after);
  return { keys: rest.slice(0, first), more: rest.length > first };
}

/** What of the places is logged in to by a key, and by which. */
function usingKeys(all: readonly Place[]): {
  readonly places: readonly Place[];
  readonly keyOf: ReadonlyMap<AccountId, SshKeyId>;
} {
  const keyOf = new Map<AccountId, SshKeyId>();
  for (const { id, spec } of all.flatMap(({ accounts }) => accounts)) {
    if (spec.credential.kind === 'ssh-key') keyOf.set(id, spec.credential.sshKeyId);
  }
  const places = all.map(({ target, accounts }) => ({ target, accounts: accounts.filter(({ id }) => keyOf.has(id)) }));
  return { places: places.filter(({ accounts }) => accounts.length > 0), keyOf };
}
