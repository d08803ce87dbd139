import { factorDecider } from '../../domain/factor/decider.ts';
import type { FactorState } from '../../domain/factor/state.ts';
import type { FactorId, UserId } from '../../domain/kernel/ids.ts';
import { type CommandTools, readState } from '../commands/run-command.ts';
import type { FactorProofs } from '../ports/factor-proofs.ts';
import type { FactorRow, ReadModels } from '../ports/read-models.ts';
import type { Sealing } from '../ports/sealing.ts';
import type { NameKeys } from '../ports/system.ts';
import type { Vault } from '../ports/vault.ts';
import { everyRow, upToHead } from '../reading.ts';

export interface FactorTools {
  readonly tools: CommandTools;
  readonly nameKeys: NameKeys;
  readonly vault: Vault;
  readonly sealing: Sealing;
  readonly factorProofs: FactorProofs;
  readonly views: Pick<ReadModels, 'activeLogins' | 'factors'>;
}

/** Before the id of the factor: custody of what proves it. What was left behind is found by that. */
export const factorSecrets = 'factor/';

export function secretIdOf(factorId: FactorId): string {
  return `${factorSecrets}${factorId}`;
}

export async function readFactor(tools: CommandTools, factorId: FactorId): Promise<FactorState> {
  return (await readState(tools.log, factorDecider, factorId)).state;
}

type FactorReading = Pick<FactorTools, 'tools'> & { readonly views: Pick<ReadModels, 'factors'> };

/** What somebody has enrolled and not removed, oldest first, as it is durable now. */
export async function liveFactors(
  { tools, views: { factors } }: FactorReading,
  userId: UserId,
): Promise<readonly FactorRow[]> {
  await upToHead(tools.log, factors);
  const where = { userId, removed: 0 };
  return everyRow<FactorRow>(factors, 'factorId', { where }).toSorted((a, b) => (a.enrolledAt < b.enrolledAt ? -1 : 1));
}

/** Whether somebody can show a second factor: recovery codes that are used up are none. */
export async function hasUsable(deps: FactorReading, userId: UserId): Promise<boolean> {
  return (await liveFactors(deps, userId)).some(({ codes, spent }) => codes === null || spent < codes);
}

/** One change of what somebody has enrolled at a time in this process. */
export function factorsOf(userId: UserId): string {
  return `factors of ${userId}`;
}
