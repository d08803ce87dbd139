import { longestPassMilliseconds } from '../../domain/kernel/pass.ts';
import { type FreshFactorTools, tokenQuestion } from '../factors/fresh-factor.ts';
import { requiredMechanisms } from '../factors/required-challenges.ts';
import type { TokenTerms } from '../ports/my-access.ts';
import type { ReadModels } from '../ports/read-models.ts';
import type { Viewer } from '../ports/viewer.ts';
import { upToHead } from '../reading.ts';
import { mostLivePasses } from './passes.ts';

export interface TokenTermsTools extends FreshFactorTools {
  readonly views: FreshFactorTools['views'] & Pick<ReadModels, 'activeTokens'>;
}

/** What making a temporary token would meet now, so that a person can be asked before; making one decides anew. */
export async function tokenTerms(deps: TokenTermsTools, viewer: Viewer): Promise<TokenTerms> {
  const { activeTokens } = deps.views;
  await upToHead(deps.tools.log, activeTokens);
  const mechanisms = await requiredMechanisms(deps, await tokenQuestion(deps, viewer));
  const live = activeTokens.count({ userId: viewer.userId, expiresAt: { above: await deps.tools.now() } });
  return { live, most: mostLivePasses, longestSeconds: longestPassMilliseconds / 1_000, mechanisms };
}
