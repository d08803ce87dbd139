import { isStreamIdOf, type UserId } from '../../domain/kernel/ids.ts';
import { factorSecrets, type FactorTools, liveFactors } from '../factors/factor-tools.ts';
import { dropFactor } from '../factors/remove-factor.ts';
import { upToHead } from '../reading.ts';
import type { Reaction } from './run-reactions.ts';

type Tools = Pick<FactorTools, 'tools' | 'vault' | 'views'>;

/** A person who is removed takes their second factors along. */
export function endFactors(deps: Tools): Reaction {
  return {
    name: 'end-factors',
    types: ['UserRemoved', 'PersonShredded'],
    react: async ({ stream, id, metadata: { correlationId } }) => {
      const userId = stream as UserId;
      const context = { actor: { kind: 'system', nodeId: null }, correlationId, causationId: id } as const;
      for (const { factorId } of await liveFactors(deps, userId)) {
        await dropFactor(deps, context, { factorId, userId }, 'user-removed');
      }
    },
  };
}

/**
 * What a crash left in custody: secrets of factors that were removed, or were never enrolled. At start, while nobody can
 * be about to enrol one.
 */
export async function sweepFactorSecrets({ tools, vault, views: { factors } }: Tools): Promise<void> {
  await upToHead(tools.log, factors);
  for (const secretId of await vault.list(factorSecrets)) {
    const factorId = secretId.slice(factorSecrets.length);
    if (isStreamIdOf('factor', factorId) && factors.get(factorId)?.removed !== 0) await vault.destroy(secretId);
  }
}
