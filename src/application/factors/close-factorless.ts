import { nameFactor } from '../../domain/authentication/challenges.ts';
import type { LoginId, UserId } from '../../domain/kernel/ids.ts';
import { loginDecider } from '../../domain/login/decider.ts';
import { type CommandContext, runCommand } from '../commands/run-command.ts';
import type { ActiveLoginRow } from '../ports/read-models.ts';
import { everyRow, upToHead } from '../reading.ts';
import type { FactorTools } from './factor-tools.ts';

/** Ends the logins of somebody that showed no second factor, but for one. */
export async function closeFactorless(
  { tools, views: { activeLogins } }: Pick<FactorTools, 'tools' | 'views'>,
  context: CommandContext,
  userId: UserId,
  kept: LoginId,
): Promise<void> {
  await upToHead(tools.log, activeLogins);
  const rows = everyRow<ActiveLoginRow>(activeLogins, 'loginId', { where: { userId } });
  for (const { loginId, factors } of rows) {
    if (loginId === kept || nameFactor(factors)) continue;
    const close = (at: string) => ({ type: 'close', reason: 'factor-enrolled', at }) as const;
    await runCommand(tools, loginDecider, loginId, context, close);
  }
}
