import { identityDecider } from '../../domain/identity/decider.ts';
import type { IdentityId, UserId } from '../../domain/kernel/ids.ts';
import { hasLeft } from '../../domain/kernel/standing.ts';
import { type CommandTools, readState } from '../commands/run-command.ts';

/** Whether an identity is this person's and has not left its provider, as it is durable now. Errors: those of the log. */
export async function stillStands(
  { log }: Pick<CommandTools, 'log'>,
  identityId: IdentityId,
  userId: UserId,
): Promise<boolean> {
  const { state } = await readState(log, identityDecider, identityId);
  return state.status === 'linked' && state.userId === userId && !hasLeft(state.seen?.standing ?? null);
}
