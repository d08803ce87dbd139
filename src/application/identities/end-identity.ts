import { identityDecider } from '../../domain/identity/decider.ts';
import type { StoredEvent } from '../../domain/kernel/event.ts';
import type { IdentityId, LoginId, PassId, UserId } from '../../domain/kernel/ids.ts';
import type { RevocationReason } from '../../domain/kernel/pass.ts';
import { hasLeft, type LearnedBy } from '../../domain/kernel/standing.ts';
import { loginDecider } from '../../domain/login/decider.ts';
import type { LoginOpened } from '../../domain/login/events.ts';
import { runOnPass } from '../commands/pass-streams.ts';
import { type CommandContext, type CommandTools, runCommand } from '../commands/run-command.ts';
import type { ActiveKeyRow, ActiveLoginRow, ActiveTokenRow, IdentityRow, ReadModels } from '../ports/read-models.ts';
import { everyRow, upToHead } from '../reading.ts';

export interface EndTools {
  readonly tools: CommandTools;
  readonly views: Pick<ReadModels, 'activeTokens' | 'activeKeys' | 'activeLogins' | 'identities'>;
}

export type Cause = Pick<CommandContext, 'correlationId' | 'causationId'>;

/** Why something ends, and how the word of a provider came that it follows from. */
export interface Ending {
  readonly reason: Exclude<RevocationReason, 'owner'>;
  readonly how: LearnedBy | null;
}

export interface LivePass {
  readonly passId: PassId;
  readonly userId: UserId;
  readonly loginId: LoginId;
  readonly expiresAt: string;
}

/** What has to end because of how an identity stands; null: nothing. */
export function endingOf({
  linked,
  standing,
  seenBy,
}: Pick<IdentityRow, 'linked' | 'standing' | 'seenBy'>): Ending | null {
  if (linked === 0) return { reason: 'identity-unlinked', how: null };
  return hasLeft(standing) ? { reason: 'identity-left', how: seenBy } : null;
}

/**
 * Closes the logins that rest on an identity, and revokes the tokens and keys that were made in them. Logins go first, and
 * passes are looked up then: one that was made before its login went is there to be found, one after goes by itself.
 */
export async function endIdentity(
  deps: EndTools,
  { identityId, userId }: Pick<IdentityRow, 'identityId' | 'userId'>,
  ending: Ending,
  cause: Cause,
): Promise<void> {
  await upToHead(deps.tools.log, deps.views.activeLogins, deps.views.activeTokens, deps.views.activeKeys);
  await closeLogins(deps, { identityId }, ending, cause);
  await upToHead(deps.tools.log, deps.views.activeTokens, deps.views.activeKeys);
  for (const { passId, loginId } of livePasses(deps.views, { userId })) {
    if ((await identityOf(deps.tools, loginId)) === identityId) await revoke(deps, passId, ending, cause);
  }
}

/** Closes every login of a person, and revokes every token and key; in this order, as above. */
export async function endPerson(deps: EndTools, userId: UserId, ending: Ending, cause: Cause): Promise<void> {
  await upToHead(deps.tools.log, deps.views.activeLogins, deps.views.activeTokens, deps.views.activeKeys);
  await closeLogins(deps, { userId }, ending, cause);
  await upToHead(deps.tools.log, deps.views.activeTokens, deps.views.activeKeys);
  for (const { passId } of livePasses(deps.views, { userId })) await revoke(deps, passId, ending, cause);
}

/** An identity of somebody who was removed is nobody's. */
export async function unlinkAll(deps: EndTools, userId: UserId, cause: Cause): Promise<void> {
  await upToHead(deps.tools.log, deps.views.identities);
  for (const { identityId } of everyRow<IdentityRow>(deps.views.identities, 'identityId', { where: { userId } })) {
    await runCommand(deps.tools, identityDecider, identityId, bySystem(cause), {
      type: 'unlink',
      userId,
      by: 'user-removed',
    });
  }
}

/** Tokens and keys that stand, or have expired within a day. */
export function livePasses(
  { activeTokens, activeKeys }: EndTools['views'],
  where: { readonly userId?: UserId },
): readonly LivePass[] {
  const tokens = everyRow<ActiveTokenRow>(activeTokens, 'tokenId', { where });
  const keys = everyRow<ActiveKeyRow>(activeKeys, 'keyId', { where });
  return [
    ...tokens.map(({ tokenId, userId, loginId, expiresAt }) => ({ passId: tokenId, userId, loginId, expiresAt })),
    ...keys.map(({ keyId, userId, loginId, expiresAt }) => ({ passId: keyId, userId, loginId, expiresAt })),
  ];
}

/** The login may be closed long since: what was made in it rests on the same. */
export async function identityOf(tools: CommandTools, loginId: LoginId): Promise<IdentityId | null> {
  return (await openingOf(tools, loginId))?.data.identityId ?? null;
}

export async function openingOf({ log }: CommandTools, loginId: LoginId): Promise<StoredEvent<LoginOpened> | null> {
  const [opened] = await log.readStream(loginId, { after: null, limit: 1 });
  return opened?.type === 'LoginOpened' ? (opened as StoredEvent<LoginOpened>) : null;
}

async function closeLogins(
  { tools, views }: EndTools,
  where: { readonly userId: UserId } | { readonly identityId: IdentityId },
  ending: Ending,
  cause: Cause,
): Promise<void> {
  for (const { loginId } of everyRow<ActiveLoginRow>(views.activeLogins, 'loginId', { where })) {
    await closeLogin(tools, loginId, ending, cause);
  }
}

export async function closeLogin(tools: CommandTools, loginId: LoginId, ending: Ending, cause: Cause): Promise<void> {
  const command = (at: string) => ({ type: 'close', ...ending, at }) as const;
  await runCommand(tools, loginDecider, loginId, bySystem(cause), command);
}

export async function revoke({ tools }: EndTools, passId: PassId, ending: Ending, cause: Cause): Promise<void> {
  await runOnPass(tools, passId, bySystem(cause), (at) => ({ type: 'revoke', ...ending, at }));
}

function bySystem(cause: Cause): CommandContext {
  return { actor: { kind: 'system', nodeId: null }, ...cause };
}
