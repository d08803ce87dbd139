import { protocols } from '../../domain/kernel/door.ts';
import { evaluateReach } from '../../domain/policy/evaluate.ts';
import { claimsOf, groupsOf } from '../admission/claims.ts';
import type { DecideAccessTools } from '../admission/decide-access.ts';
import { loginFacts } from '../admission/login-facts.ts';
import { everyPlace, type Place, policySet } from '../admission/policy-state.ts';
import { standsAgainst } from '../admission/stands-against.ts';
import type { ReachEntry, Viewer } from '../ports/application-face.ts';
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
  const { directory, targetCatalogue } = deps.views;
  const user = directory.get(viewer.userId);
  if (user === undefined) return [];
  const login = await loginFacts(deps, viewer.loginId);
  if (login.left) return [];
  const facts = {
    ...login,
    user,
    groups: groupsOf(directory, user, login.groups),
    reason: '',
    at: await deps.tools.now(),
    zone: deps.zone,
  };
  const rules = policySet(targetCatalogue);
  const reached = protocols.flatMap((protocol) => {
    const speaking = places.filter(({ target }) => target.spec.protocol === protocol);
    return evaluateReach({ claims: claimsOf({ ...facts, protocol }), rules, protocol, places: speaking });
  });
  return reached.flatMap(({ place, account, decision }): readonly ReachEntry[] => {
    const { name: target, protocol } = place.target.spec;
    const login = `${viewer.userName}~${account.username}~${target}`;
    const ids = { accountId: account.id, targetId: place.target.id };
    const entry = { ...ids, target, account: account.username, protocol, login };
    const reason = standsAgainst(decision, place.target.spec);
    return reason === undefined ? [] : [{ ...entry, allowed: reason === null, reason }];
  });
}
