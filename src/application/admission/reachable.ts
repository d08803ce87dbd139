import type { TargetId } from '../../domain/kernel/ids.ts';
import { isLive } from '../../domain/kernel/pass.ts';
import { evaluateReach } from '../../domain/policy/evaluate.ts';
import { readPass } from '../commands/pass-streams.ts';
import type { ReadModels } from '../ports/read-models.ts';
import type { ProcessLog } from '../ports/system.ts';
import { upToHead } from '../reading.ts';
import { claimsOf, groupsOf } from './claims.ts';
import type { DecideAccessTools } from './decide-access.ts';
import type { Reach, Reachable, ReachableWish, VerifiedPass } from './door.ts';
import { lastUsed } from './last-used.ts';
import { loginFacts } from './login-facts.ts';
import { everyPlace, policySet } from './policy-state.ts';
import { asksOf } from './refusal-texts.ts';
import { standsAgainst } from './stands-against.ts';

export interface ReachableTools extends DecideAccessTools {
  readonly views: Pick<ReadModels, 'directory' | 'identities' | 'targetCatalogue' | 'sessionHistory'>;
  readonly processLog: ProcessLog;
}

/**
 * What `admit` would say now of every account there is, for a person to choose from; it gives no right. Targets outside
 * of the pass's scope are not in it, nor what no entitlement of theirs names. Never rejects.
 */
export async function reachable(deps: ReachableTools, wish: ReachableWish): Promise<Reach> {
  try {
    return { ok: true, open: await decide(deps, wish) };
  } catch (error) {
    deps.processLog.error('what a person may reach could not be listed', { error: String(error) });
    return { ok: false };
  }
}

async function decide(deps: ReachableTools, { pass, protocol, source }: ReachableWish): Promise<readonly Reachable[]> {
  const { directory, identities, targetCatalogue } = deps.views;
  await upToHead(deps.tools.log, directory, identities, targetCatalogue);
  const user = directory.get(pass.userId);
  const at = await deps.tools.now();
  const scope = await scopeOf(deps, pass, at);
  if (scope === null || user === undefined || user.disabled === 1 || user.removed === 1) return [];
  const login = await loginFacts(deps, pass.passId);
  if (login.left) return [];
  const claims = claimsOf({
    ...login,
    user,
    groups: groupsOf(directory, user, login.groups),
    reason: '',
    source,
    protocol,
    at,
    zone: deps.zone,
  });
  const inScope = everyPlace(targetCatalogue).filter(
    ({ target }) => scope.targetId === null || target.id === scope.targetId,
  );
  const used = lastUsed(deps.views, pass.userId);
  const reached = evaluateReach({ claims, rules: policySet(targetCatalogue), protocol, places: inScope });
  return reached.flatMap(({ place, account, decision }): readonly Reachable[] => {
    const obstacle = standsAgainst(decision, place.target.spec, account.spec, targetCatalogue);
    if (obstacle === undefined) return [];
    const reason = obstacle?.reason ?? null;
    const asks = decision.allowed ? null : asksOf(decision.denial);
    const { name: target, labels } = place.target.spec;
    const recording = decision.allowed ? decision.grant.recording : null;
    const lastUsedAt = used.get(account.id) ?? null;
    return [{ target, account: account.username, labels, reason, asks, recording, lastUsedAt }];
  });
}

/** Null when the pass opens nothing any more. */
async function scopeOf(
  { tools }: ReachableTools,
  { passId }: VerifiedPass,
  at: string,
): Promise<{ readonly targetId: TargetId | null } | null> {
  const state = await readPass(tools, passId);
  return state.status === 'issued' && isLive(state, at) ? state.pass.scope : null;
}
