import type { LoginId, UserId } from '../../domain/kernel/ids.ts';
import { loginDecider } from '../../domain/login/decider.ts';
import { isLive } from '../../domain/login/state.ts';
import type { LoginActivity } from '../commands/login-activity.ts';
import { viewerContext } from '../commands/logins.ts';
import { refused } from '../commands/passes.ts';
import { type CommandTools, readState, runCommand } from '../commands/run-command.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { ActiveLoginRow, ReadModels } from '../ports/read-models.ts';
import type { Refused, Viewer } from '../ports/viewer.ts';
import { everyRow, upToHead } from '../reading.ts';

export interface OthersLoginsTools {
  readonly tools: CommandTools;
  readonly views: Pick<ReadModels, 'activeLogins'>;
  readonly activity: LoginActivity;
}

/**
 * Ends one login of anybody, or all of a person; the events say `administrator`. Gives those that were open. Errors:
 * `denied` without `administer`.
 */
export async function closeLoginsOf(
  { tools, views, activity }: OthersLoginsTools,
  viewer: Viewer,
  which: { readonly loginId: LoginId } | { readonly userId: UserId },
): Promise<{ readonly ok: true; readonly closed: readonly LoginId[] } | Refused> {
  if (!viewer.permissions.includes('administer')) {
    throw new SallyportError('denied', 'not-permitted', 'closing logins of others needs the permission administer');
  }
  await upToHead(tools.log, views.activeLogins);
  const asked =
    'loginId' in which
      ? [which.loginId]
      : everyRow<ActiveLoginRow>(views.activeLogins, 'loginId', { where: { userId: which.userId } }).map(
          ({ loginId }) => loginId,
        );
  const context = viewerContext({ tools }, viewer);
  const close = (at: string) => ({ type: 'close', reason: 'administrator', at }) as const;
  const closed: LoginId[] = [];
  for (const loginId of asked) {
    const { state } = await readState(tools.log, loginDecider, loginId);
    if (state.status !== 'open' || !isLive(state, await tools.now())) continue;
    await runCommand(tools, loginDecider, loginId, context, close);
    activity.forget(loginId);
    closed.push(loginId);
  }
  if (closed.length === 0 && 'loginId' in which) {
    return refused('absent', `there is no open login ${which.loginId}; nothing was closed`);
  }
  await upToHead(tools.log, views.activeLogins).catch(() => undefined);
  return { ok: true, closed };
}
