import type { LoginId, PassId, TokenId, UserId } from '../../domain/kernel/ids.ts';
import { hasReached } from '../../domain/kernel/time.ts';
import { readPass, runOnPass } from '../commands/pass-streams.ts';
import type { CommandContext, CommandTools } from '../commands/run-command.ts';
import type { ActiveKeyRow, ActiveTokenRow, ReadModels } from '../ports/read-models.ts';
import type { LoginProofs, TokenProofs } from '../ports/token-proofs.ts';
import { everyRow, upToHead } from '../reading.ts';
import type { Reaction } from './run-reactions.ts';

export interface EndPassesTools {
  readonly tools: CommandTools;
  readonly views: Pick<ReadModels, 'activeTokens' | 'activeKeys' | 'directory'>;
  readonly proofs: TokenProofs;
  readonly loginProofs: LoginProofs;
}

type Cause = Pick<CommandContext, 'correlationId' | 'causationId'>;

/** A revoked token loses what proves it; a person who is disabled or removed loses every token and key. */
export function endPasses(deps: EndPassesTools): Reaction {
  return {
    name: 'end-passes',
    types: ['TemporaryTokenRevoked', 'LoginClosed', 'UserDisabled', 'UserRemoved'],
    react: async (event) => {
      switch (event.type) {
        case 'TemporaryTokenRevoked':
          return deps.proofs.drop(event.stream as TokenId);
        case 'LoginClosed':
          return deps.loginProofs.drop(event.stream as LoginId);
        default:
          await upToHead(deps.tools.log, deps.views.activeTokens, deps.views.activeKeys);
          return revokeAll(deps, event.stream as UserId, event.type === 'UserRemoved', {
            correlationId: event.metadata.correlationId,
            causationId: event.id,
          });
      }
    },
  };
}

async function revokeAll(deps: EndPassesTools, userId: UserId, removed: boolean, cause: Cause): Promise<void> {
  const reason = removed ? 'user-removed' : 'user-disabled';
  const passes = [...tokens(deps.views, { userId }), ...keys(deps.views, { userId })];
  for (const { passId } of passes) {
    const context = { actor: { kind: 'system' as const, nodeId: null }, ...cause };
    await runOnPass(deps.tools, passId, context, (at) => ({ type: 'revoke', reason, at }));
  }
}

type Live = { readonly passId: PassId; readonly userId: UserId };

function tokens({ activeTokens }: EndPassesTools['views'], where: { readonly userId?: UserId }): readonly Live[] {
  const rows = everyRow<ActiveTokenRow>(activeTokens, 'tokenId', { where });
  return rows.map(({ tokenId, userId }) => ({ passId: tokenId, userId }));
}

function keys({ activeKeys }: EndPassesTools['views'], where: { readonly userId?: UserId }): readonly Live[] {
  const rows = everyRow<ActiveKeyRow>(activeKeys, 'keyId', { where });
  return rows.map(({ keyId, userId }) => ({ passId: keyId, userId }));
}

/**
 * What the reaction could not do, because a crash or an error came between: revokes the tokens and keys of people who are
 * disabled or removed, and deletes what proves passes that have expired, were revoked, or were never issued. Run at
 * start and every minute.
 */
export async function sweepPasses(deps: EndPassesTools): Promise<void> {
  const { directory, activeTokens, activeKeys } = deps.views;
  await upToHead(deps.tools.log, directory, activeTokens, activeKeys);
  const cause: Cause = { correlationId: deps.tools.ids.uuid(), causationId: null };
  const live = [...tokens(deps.views, {}), ...keys(deps.views, {})];
  for (const userId of new Set(live.map((pass) => pass.userId))) {
    const user = directory.get(userId);
    const removed = user?.removed === 1;
    if (removed || user?.disabled === 1) await revokeAll(deps, userId, removed, cause);
  }
  await sweepProofs(deps);
}

async function sweepProofs({ tools, proofs, loginProofs }: EndPassesTools): Promise<void> {
  const at = await tools.now();
  for (const { tokenId, expiresAt } of await proofs.list()) {
    const over = hasReached(at, expiresAt) || (await readPass(tools, tokenId)).status === 'revoked';
    if (over) await proofs.drop(tokenId);
  }
  for (const { loginId, expiresAt } of await loginProofs.list()) {
    if (hasReached(at, expiresAt)) await loginProofs.drop(loginId);
  }
}
