import type { IdentityId } from '../../domain/kernel/ids.ts';
import { hasReached } from '../../domain/kernel/time.ts';
import type { ActiveLoginRow, IdentityRow } from '../ports/read-models.ts';
import { everyRow, upToHead } from '../reading.ts';
import { endingOf, type EndTools, identityOf, livePasses } from './end-identity.ts';
import type { GrantNumber, KeptGrants } from './kept-grants.ts';

export interface GrantTools extends EndTools {
  readonly grants: KeptGrants;
}

/**
 * The identities that can be asked and that something open rests on: a login, or a token or key that was made in one. What
 * is kept for any other is destroyed: nothing can end by it, and it lets somebody ask for us.
 */
export async function grantsInUse(deps: GrantTools): Promise<readonly IdentityRow[]> {
  return await inUse(deps, await deps.grants.newest());
}

/** The same for one identity. */
export async function dropUnusedGrant(deps: GrantTools, identityId: IdentityId): Promise<void> {
  const newest = (await deps.grants.of(identityId)).at(-1);
  if (newest !== undefined) await inUse(deps, new Map([[identityId, newest]]));
}

/** What is listed was left by a login that was durable before, so that the views have it; what comes later stays. */
async function inUse(deps: GrantTools, kept: ReadonlyMap<IdentityId, GrantNumber>): Promise<readonly IdentityRow[]> {
  const { activeLogins, activeTokens, activeKeys, identities } = deps.views;
  await upToHead(deps.tools.log, activeLogins, activeTokens, activeKeys, identities);
  const now = await deps.tools.now();
  const used: IdentityRow[] = [];
  for (const [identityId, newest] of kept) {
    const row = identities.get(identityId);
    if (row !== undefined && endingOf(row) === null && (await isOpen(deps, row, now))) used.push(row);
    else await deps.grants.forget(identityId, newest);
  }
  return used;
}

async function isOpen(
  { tools, views }: GrantTools,
  { identityId, userId }: Pick<IdentityRow, 'identityId' | 'userId'>,
  now: string,
): Promise<boolean> {
  const logins = everyRow<ActiveLoginRow>(views.activeLogins, 'loginId', { where: { identityId } });
  if (logins.some(({ expiresAt }) => !hasReached(now, expiresAt))) return true;
  for (const { loginId, expiresAt } of livePasses(views, { userId })) {
    if (!hasReached(now, expiresAt) && (await identityOf(tools, loginId)) === identityId) return true;
  }
  return false;
}
