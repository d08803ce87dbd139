import type { StoredEvent } from '../../domain/kernel/event.ts';
import type { LoginId, UserId } from '../../domain/kernel/ids.ts';
import { longestPassMilliseconds } from '../../domain/kernel/pass.ts';
import { millisecondsBetween } from '../../domain/kernel/time.ts';
import { longestLoginMilliseconds } from '../../domain/login/decider.ts';
import type { LoginOpened } from '../../domain/login/events.ts';
import type { ActiveLoginRow } from '../ports/read-models.ts';
import { everyRow, upToHead } from '../reading.ts';
import { type Cause, closeLogin, type Ending, type EndTools, livePasses, openingOf, revoke } from './end-identity.ts';

/** That the local password of somebody was set, when, and which login it was to leave alone. */
export interface PasswordSet {
  readonly userId: UserId;
  readonly setAt: string;
  readonly keptLogin: LoginId | null;
}

export const passwordSetEnding: Ending = { reason: 'password-set', how: null };

/**
 * Closes the logins that rest on a local password from before, and revokes the tokens and keys that were made in them:
 * whoever knew the old password may have made them. Logins go first, and what was made in them is looked up then.
 */
export async function endPasswordLogins(
  deps: EndTools,
  { userId, setAt, keptLogin }: PasswordSet,
  cause: Cause,
): Promise<void> {
  const { log } = deps.tools;
  if (millisecondsBetween(setAt, await deps.tools.now()) > longestLoginMilliseconds + longestPassMilliseconds) return;
  const restsOnIt = (loginId: LoginId, identityId: LoginOpened['data']['identityId'], openedAt: string): boolean =>
    identityId === null && loginId !== keptLogin && openedAt <= setAt;
  await upToHead(log, deps.views.activeLogins);
  for (const row of everyRow<ActiveLoginRow>(deps.views.activeLogins, 'loginId', { where: { userId } })) {
    if (restsOnIt(row.loginId, row.identityId, row.openedAt)) {
      await closeLogin(deps.tools, row.loginId, passwordSetEnding, cause);
    }
  }
  await upToHead(log, deps.views.activeTokens, deps.views.activeKeys);
  for (const { passId, loginId } of livePasses(deps.views, { userId })) {
    const opening: StoredEvent<LoginOpened> | null = await openingOf(deps.tools, loginId);
    if (opening !== null && restsOnIt(loginId, opening.data.identityId, opening.metadata.at)) {
      await revoke(deps, passId, passwordSetEnding, cause);
    }
  }
}
