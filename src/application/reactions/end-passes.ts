import type { LoginId, TokenId, UserId } from '../../domain/kernel/ids.ts';
import { hasReached } from '../../domain/kernel/time.ts';
import { tokenDecider } from '../../domain/token/decider.ts';
import { type CommandContext, type CommandTools, readState, StreamWriter } from '../commands/run-command.ts';
import type { ActiveTokenRow, ReadModels } from '../ports/read-models.ts';
import type { LoginProofs, TokenProofs } from '../ports/token-proofs.ts';
import { everyRow, upToHead } from '../reading.ts';
import type { Reaction } from './run-reactions.ts';

export interface EndPassesTools {
  readonly tools: CommandTools;
  readonly views: Pick<ReadModels, 'activeTokens' | 'directory'>;
  readonly proofs: TokenProofs;
  readonly loginProofs: LoginProofs;
}

type Cause = Pick<CommandContext, 'correlationId' | 'causationId'>;

/** A revoked token loses what proves it; a person who is disabled or removed loses every token. */
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
          await upToHead(deps.tools.log, deps.views.activeTokens);
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
  for (const { tokenId } of everyRow<ActiveTokenRow>(deps.views.activeTokens, 'tokenId', { where: { userId } })) {
    const context = { actor: { kind: 'system' as const, nodeId: null }, ...cause };
    await new StreamWriter(deps.tools, tokenDecider, tokenId).run(context, (at) => ({ type: 'revoke', reason, at }));
  }
}

/**
 * What the reaction could not do, because a crash or an error came between: revokes the tokens of people who are
 * disabled or removed, and deletes what proves passes that have expired, were revoked, or were never issued. Run at
 * start and every minute.
 */
export async function sweepPasses(deps: EndPassesTools): Promise<void> {
  const { directory, activeTokens } = deps.views;
  await upToHead(deps.tools.log, directory, activeTokens);
  const cause: Cause = { correlationId: deps.tools.ids.uuid(), causationId: null };
  for (const userId of new Set(everyRow<ActiveTokenRow>(activeTokens, 'tokenId', {}).map((row) => row.userId))) {
    const user = directory.get(userId);
    const removed = user?.removed === 1;
    if (removed || user?.disabled === 1) await revokeAll(deps, userId, removed, cause);
  }
  await sweepProofs(deps);
}

async function sweepProofs({ tools, proofs, loginProofs }: EndPassesTools): Promise<void> {
  const at = await tools.now();
  for (const { tokenId, expiresAt } of await proofs.list()) {
    const over =
      hasReached(at, expiresAt) || (await readState(tools.log, tokenDecider, tokenId)).state.status === 'revoked';
    if (over) await proofs.drop(tokenId);
  }
  for (const { loginId, expiresAt } of await loginProofs.list()) {
    if (hasReached(at, expiresAt)) await loginProofs.drop(loginId);
  }
}
