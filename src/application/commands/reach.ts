import { setImmediate } from 'node:timers/promises';
import { protocols } from '../../domain/kernel/door.ts';
import { evaluateReach, type Reached } from '../../domain/policy/evaluate.ts';
import { claimsOf, groupsOf } from '../admission/claims.ts';
import type { DecideAccessTools } from '../admission/decide-access.ts';
import { loginFacts } from '../admission/login-facts.ts';
import { everyPlace, type Place, policySet } from '../admission/policy-state.ts';
import { asksOf } from '../admission/refusal-texts.ts';
import { standsAgainst } from '../admission/stands-against.ts';
import type { ReachEntry } from '../ports/my-access.ts';
import type { Viewer } from '../ports/viewer.ts';
import { upToHead } from '../reading.ts';

/** Every account on every target that the viewer may open now, and those an entitlement names but something bars. */
export async function reach(deps: DecideAccessTools, viewer: Viewer): Promise<readonly ReachEntry[]> {
  const { directory, identities, targetCatalogue } = deps.views;
  await upToHead(deps.tools.log, directory, identities, targetCatalogue);
  return reachWithin(deps, viewer, everyPlace(targetCatalogue));
}

/** The same for some targets, as the views have it. */
export async function reachWithin(
  deps: DecideAccessTools,
  viewer: Viewer,
  places: readonly Place[],
): Promise<readonly ReachEntry[]> {
  return (await reaching(deps, viewer))(places);
}

/** What the viewer may reach of some targets, in their order; to be asked as often as needed about one moment. */
export type Reaching = (places: readonly Place[]) => readonly ReachEntry[];

/** So many targets are decided before others have their turn. */
export const placesAtOnce = 250;

/** All of the places, in slices between which others have their turn. */
export async function reachInTurns(reach: Reaching, places: readonly Place[]): Promise<readonly ReachEntry[]> {
  const found: ReachEntry[] = [];
  for (let from = 0; from < places.length; from += placesAtOnce) {
    if (from > 0) await setImmediate();
    for (const entry of reach(places.slice(from, from + placesAtOnce))) found.push(entry);
  }
  return found;
}

/** As the views have it. */
export async function reaching(deps: DecideAccessTools, viewer: Viewer): Promise<Reaching> {
  const { directory, targetCatalogue } = deps.views;
  const user = directory.get(viewer.userId);
  if (user === undefined || user.disabled === 1 || user.removed === 1) return () => [];
  const login = await loginFacts(deps, viewer.loginId);
  if (login.left) return () => [];
  const facts = {
    ...login,
    user,
    groups: groupsOf(directory, user, login.groups),
    reason: '',
    at: await deps.tools.now(),
    zone: deps.zone,
  };
  const rules = policySet(targetCatalogue);
  const entry = ({ place, account, decision }: Reached<Place>): readonly ReachEntry[] => {
    const { name: target, protocol, labels } = place.target.spec;
    const obstacle = standsAgainst(decision, place.target.spec, account.spec, targetCatalogue);
    if (obstacle === undefined) return [];
    return [
      {
        ...{ accountId: account.id, targetId: place.target.id, target, account: account.username, protocol },
        login: `${viewer.userName}~${account.username}~${target}`,
        ...{ allowed: obstacle === null, reason: obstacle?.reason ?? null, advice: obstacle?.advice ?? null },
        asks: decision.allowed ? null : asksOf(decision.denial),
        recording: decision.allowed ? decision.grant.recording : null,
        labels,
      },
    ];
  };
  return (places) => {
    const byProtocol = Map.groupBy(places, ({ target }) => target.spec.protocol);
    const found = protocols.flatMap((protocol) => {
      const speaking = byProtocol.get(protocol) ?? [];
      if (speaking.length === 0) return [];
      return evaluateReach({ claims: claimsOf({ ...facts, protocol }), rules, protocol, places: speaking });
    });
    const entries = Map.groupBy(found.flatMap(entry), ({ targetId }) => targetId);
    return places.flatMap(({ target }) => entries.get(target.id) ?? []);
  };
}
