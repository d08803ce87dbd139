import { factorDecider } from '../../domain/factor/decider.ts';
import type { RemoveFactor } from '../../domain/factor/commands.ts';
import type { FactorId, UserId } from '../../domain/kernel/ids.ts';
import { viewerContext } from '../commands/logins.ts';
import { refused } from '../commands/passes.ts';
import { type CommandContext, runCommand } from '../commands/run-command.ts';
import type { Refused, Viewer } from '../ports/viewer.ts';
import { upToHead } from '../reading.ts';
import { changeRefusal } from './change-refusal.ts';
import { type FactorTools, readFactor, secretIdOf } from './factor-tools.ts';

type Removed = { readonly ok: true } | Refused;

/** An own factor, or with `administer` anybody's. Resolves when it is durable and what proved it is gone. */
export async function removeFactor(
  deps: FactorTools,
  viewer: Viewer,
  factorId: FactorId,
  freshFactor: string | null,
): Promise<Removed> {
  const state = await readFactor(deps.tools, factorId);
  const own = state.status !== 'absent' && state.userId === viewer.userId;
  if (state.status === 'absent' || (!own && !viewer.permissions.includes('administer'))) {
    return refused(
      'absent',
      `there is no factor ${factorId} that you may remove; \`sallyport factor list\` shows yours`,
    );
  }
  if (state.status === 'removed') return { ok: true };
  const use = { purpose: 'removal', subjectId: factorId } as const;
  const unproven = await changeRefusal(deps, viewer, { use, freshFactor });
  if (unproven !== null) return unproven;
  const context = viewerContext(deps, viewer);
  const { userId } = state;
  const removed = await dropFactor(deps, context, { factorId, userId }, own ? 'owner' : 'administrator');
  if (removed.ok) await upToHead(deps.tools.log, deps.views.factors).catch(() => undefined);
  return removed;
}

/** What proved the factor goes at once; what an error leaves behind is found at the next start. */
export async function dropFactor(
  { tools, vault }: Pick<FactorTools, 'tools' | 'vault'>,
  context: CommandContext,
  { factorId, userId }: { readonly factorId: FactorId; readonly userId: UserId },
  by: RemoveFactor['by'],
): Promise<Removed> {
  const result = await runCommand(tools, factorDecider, factorId, context, { type: 'remove', userId, by });
  if (!result.ok) return refused(result.rejection.code, result.rejection.message);
  await vault.destroy(secretIdOf(factorId));
  return { ok: true };
}
