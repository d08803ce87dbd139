import { streamId, type UserId } from '../../domain/kernel/ids.ts';
import type { Protocol } from '../../domain/kernel/door.ts';
import { evaluate } from '../../domain/policy/cel.ts';
import type { Claims } from '../../domain/policy/claims.ts';
import { coversAccount, coversTarget, gives } from '../../domain/policy/matching.ts';
import type { PolicySet } from '../../domain/policy/evaluate.ts';
import type { AccessExplained, ExplainedEntitlement } from '../ports/administration.ts';
import type { ActiveLoginRow, ReadModels } from '../ports/read-models.ts';
import { everyRow, upToHead } from '../reading.ts';
import { currentClaims, type DecideAccessTools, decideAccess } from './decide-access.ts';
import { loginFacts } from './login-facts.ts';
import { findPlace, type Place, policySet } from './policy-state.ts';

export interface ExplainTools extends DecideAccessTools {
  readonly views: Pick<ReadModels, 'activeLogins' | 'directory' | 'identities' | 'targetCatalogue'>;
}

/** A login that stands says where a person is and how they proved it: the newest; without one nothing is known of it. */
async function standingOf(
  { tools, views }: ExplainTools,
  userId: UserId,
): Promise<Pick<ActiveLoginRow, 'loginId' | 'source'>> {
  await upToHead(tools.log, views.activeLogins, views.directory, views.identities, views.targetCatalogue);
  const now = await tools.now();
  const [newest] = everyRow<ActiveLoginRow>(views.activeLogins, 'loginId', { where: { userId } })
    .filter(({ expiresAt }) => expiresAt > now)
    .sort((a, b) => (a.openedAt < b.openedAt ? 1 : -1));
  return newest ?? { loginId: streamId('login', tools.ids.uuid()), source: '' };
}

/** The claims of a person as their newest login gives them; null: there is no such person. */
export async function claimsOfPerson(deps: ExplainTools, userId: UserId, protocol: Protocol): Promise<Claims | null> {
  const { loginId, source } = await standingOf(deps, userId);
  const user = deps.views.directory.get(userId);
  if (user === undefined) return null;
  return currentClaims(deps, { reason: '', source, protocol }, user, await loginFacts(deps, loginId));
}

/**
 * What admission would say now of a way of somebody, and what that rests on. The answer is `decideAccess`'s own; the
 * rest shows each entitlement that names the target, who gives it, and what its conditions say.
 */
export async function explainAccess(
  deps: ExplainTools,
  { userId, target, account }: { readonly userId: UserId; readonly target: string; readonly account: string | null },
): Promise<AccessExplained> {
  const { loginId, source } = await standingOf(deps, userId);
  const place = findPlace(deps.views.targetCatalogue, target);
  const protocol = place?.target.spec.protocol ?? 'ssh';
  const destination = { target, account };
  const decided = await decideAccess(deps, { passId: loginId, userId, protocol, destination, source, reason: '' });
  const { grant, denial } = decided;
  const claims = await claimsOfPerson(deps, userId, protocol);
  const rules = policySet(deps.views.targetCatalogue);
  return {
    allowed: grant !== null && decided.credential !== null,
    reason: denial?.reason ?? (decided.credential === null ? 'no-credential' : null),
    detail: denial?.detail ?? null,
    account: grant?.account.username ?? null,
    entitlement: grant?.entitlement.name ?? null,
    candidates: denial?.candidates ?? [],
    entitlements: place === null || claims === null ? [] : weighed(rules, place, account, claims),
  };
}

function weighed(
  rules: PolicySet,
  place: Place,
  account: string | null,
  claims: Claims,
): readonly ExplainedEntitlement[] {
  const said = (expression: string) => {
    const answer = evaluate(expression, claims);
    return 'error' in answer ? { holds: false, error: answer.error } : { holds: answer.value, error: null };
  };
  return rules.entitlements
    .filter(({ spec }) => coversTarget(spec, place.target.spec))
    .filter(({ spec }) => account === null || coversAccount(spec, account))
    .map(({ id, spec }) => ({
      id,
      name: spec.name,
      policies: rules.policies
        .filter((policy) => gives(policy.spec, id, spec))
        .map((policy) => ({ id: policy.id, name: policy.spec.name, ...said(policy.spec.assign) })),
      conditions: spec.conditionIds.map((conditionId) => {
        const condition = rules.conditions.find((known) => known.id === conditionId);
        if (condition === undefined) return { id: conditionId, name: null, holds: false, error: 'it does not exist' };
        return { id: conditionId, name: condition.spec.name, ...said(condition.spec.expression) };
      }),
      rights: spec.access.rights,
      approval: spec.approval !== null,
    }));
}
