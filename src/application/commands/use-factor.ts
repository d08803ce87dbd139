import { factorDecider } from '../../domain/factor/decider.ts';
import type { UseFactor } from '../../domain/factor/commands.ts';
import type { FactorId } from '../../domain/kernel/ids.ts';
import { type CommandContext, type CommandTools, runCommand } from './run-command.ts';

/**
 * True once the use is durable: a right code that somebody else used a moment before is a wrong answer. The append with
 * the expected version is the compare-and-set (security rule A8).
 */
export async function useFactor(
  tools: CommandTools,
  factorId: FactorId,
  context: CommandContext,
  shown: Omit<UseFactor, 'type' | 'at'>,
): Promise<boolean> {
  const use = (at: string): UseFactor => ({ type: 'use', ...shown, at });
  const result = await runCommand(tools, factorDecider, factorId, context, use);
  return result.ok && result.events.length > 0;
}
