import { authenticationDecider } from '../../domain/authentication/decider.ts';
import type { Challenge, FreshFactorUse, MechanismName } from '../../domain/authentication/events.ts';
import { isStreamIdOf, type KeyId, type TokenId } from '../../domain/kernel/ids.ts';
import { groupsOf } from '../admission/claims.ts';
import { loginFacts } from '../admission/login-facts.ts';
import { viewerContext } from '../commands/logins.ts';
import { refused } from '../commands/passes.ts';
import { StreamWriter } from '../commands/run-command.ts';
import type { Refused, Viewer } from '../ports/viewer.ts';
import type { ReadModels } from '../ports/read-models.ts';
import { upToHead } from '../reading.ts';
import {
  type FactorPolicyTools,
  type FactorQuestion,
  requiredChallenges,
  requiredMechanisms,
} from './required-challenges.ts';

export interface FreshFactorTools extends FactorPolicyTools {
  readonly views: FactorPolicyTools['views'] & Pick<ReadModels, 'directory' | 'identities'>;
}

/** What the policy is asked for a token, or for a key that becomes a pass: of the login that asks, as it was opened. */
export async function tokenQuestion(
  deps: FreshFactorTools,
  viewer: Pick<Viewer, 'userId' | 'userName' | 'loginId'>,
): Promise<FactorQuestion> {
  const { directory, identities } = deps.views;
  const { userId, userName: username, loginId } = viewer;
  await upToHead(deps.tools.log, directory, identities);
  const user = directory.get(userId);
  const { groups: ofProvider, provider, factors, source, door } = await loginFacts(deps, loginId);
  const groups = user === undefined ? [] : groupsOf(directory, user, ofProvider);
  return { moment: 'token', userId, username, groups, provider, factors, source, door };
}

/** What somebody logged in has to show for a pass; as `requiredChallenges`. */
export async function freshChallenges(deps: FreshFactorTools, viewer: Viewer): Promise<readonly Challenge[] | null> {
  return requiredChallenges(deps, await tokenQuestion(deps, viewer));
}

/**
 * Why this pass can't be made without a fresh factor; null: none is asked for, or `freshFactor`, an authentication of
 * this very login, counts for this pass from now on, and for no other. That is durable before it is answered.
 */
export async function freshFactorRefusal(
  deps: FreshFactorTools,
  viewer: Viewer,
  { passId, freshFactor }: { readonly passId: TokenId | KeyId; readonly freshFactor: string | null },
): Promise<Refused | null> {
  const mechanisms = await requiredMechanisms(deps, await tokenQuestion(deps, viewer));
  if (mechanisms === null) {
    return refused('no-policy', 'which factor this needs could not be found out; try again, or ask an administrator');
  }
  if (mechanisms.length === 0) return null;
  return useFreshFactor(deps, viewer, { use: { purpose: 'pass', subjectId: passId }, mechanisms, freshFactor });
}

/** Null: `freshFactor`, of this very login and shown by one of the mechanisms, counts for this use and for no other. */
export async function useFreshFactor(
  deps: Pick<FreshFactorTools, 'tools'>,
  viewer: Viewer,
  wish: {
    readonly use: FreshFactorUse;
    readonly mechanisms: readonly MechanismName[];
    readonly freshFactor: string | null;
  },
): Promise<Refused | null> {
  const { use, mechanisms, freshFactor } = wish;
  if (freshFactor === null) {
    return needed('this needs a second factor that was shown within the last 5 minutes; show one and ask again');
  }
  if (!isStreamIdOf('authentication', freshFactor))
    return needed('that is no authentication; show a factor and ask again');
  const { userId, loginId } = viewer;
  const writer = new StreamWriter(deps.tools, authenticationDecider, freshFactor);
  const result = await writer.run(viewerContext(deps, viewer), (at) => ({
    type: 'use-fresh-factor',
    userId,
    loginId,
    use,
    mechanisms,
    at,
  }));
  return result.ok ? null : needed(result.rejection.message);
}

export function needed(message: string): Refused {
  return refused('fresh-factor-needed', message);
}
