import { evaluateAccess } from '../../domain/policy/evaluate.ts';
import type { DenialReason } from '../../domain/policy/evaluate.ts';
import { claimsOf, groupsOf } from '../admission/claims.ts';
import type { DecideAccessTools } from '../admission/decide-access.ts';
import { loginFacts } from '../admission/decide-access.ts';
import { everyPlace, type Place, policySet } from '../admission/policy-state.ts';
import type { ReachEntry, Viewer } from '../ports/application-face.ts';
import { upToHead } from '../reading.ts';

/** Denials that a person may know of: an entitlement is theirs, only something is in the way. */
const shownDenials: Partial<Record<DenialReason, string>> = {
  'condition-false': 'a condition is not met now',
  'approval-needed': 'needs an approval; this version has no access requests yet',
};

/** Every account on every target that the viewer may open now, and those an entitlement names but something bars. */
export async function reach(deps: DecideAccessTools, viewer: Viewer): Promise<readonly ReachEntry[]> {
  const { directory, targetCatalogue } = deps.views;
  await upToHead(deps.tools.log, directory, targetCatalogue);
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
  const facts = {
    ...(await loginFacts(deps.tools, viewer.loginId)),
    user,
    groups: groupsOf(directory, user),
    at: await deps.tools.now(),
    zone: deps.zone,
  };
  const rules = policySet(targetCatalogue);
  return places.flatMap((place) => {
    const { protocol, name: target } = place.target.spec;
    const claims = claimsOf({ ...facts, protocol });
    return place.accounts.flatMap(({ username: account }): readonly ReachEntry[] => {
      const decision = evaluateAccess({ ...place, claims, rules, protocol, accountUsername: account });
      if (decision.allowed) return [{ target, account, protocol, allowed: true, reason: null }];
      const reason = shownDenials[decision.denial.reason];
      return reason === undefined ? [] : [{ target, account, protocol, allowed: false, reason }];
    });
  });
}
