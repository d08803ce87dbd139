import type { StoredEvent } from '../../domain/kernel/event.ts';
import type { TokenId, UserId } from '../../domain/kernel/ids.ts';
import { tokenDecider } from '../../domain/token/decider.ts';
import { type CommandTools, StreamWriter } from '../commands/run-command.ts';
import type { ActiveTokenRow, ReadModels } from '../ports/read-models.ts';
import type { LoginProofs, TokenProofs } from '../ports/token-proofs.ts';
import { everyRow, upToHead } from '../reading.ts';

export interface EndPassesTools {
  readonly tools: CommandTools;
  readonly views: Pick<ReadModels, 'activeTokens'>;
  readonly proofs: TokenProofs;
  readonly loginProofs: LoginProofs;
}

export const passEndingTypes: readonly string[] = [
  'TemporaryTokenRevoked',
  'LoginClosed',
  'UserDisabled',
  'UserRemoved',
];

/** A revoked token loses what proves it; a person who is disabled or removed loses every token. */
export async function endPasses(deps: EndPassesTools, event: StoredEvent): Promise<void> {
  switch (event.type) {
    case 'TemporaryTokenRevoked':
      await deps.proofs.drop(event.stream as TokenId);
      return;
    case 'LoginClosed':
      await deps.loginProofs.drop(event.stream);
      return;
    case 'UserDisabled':
    case 'UserRemoved':
      await revokeAll(deps, event);
  }
}

async function revokeAll(deps: EndPassesTools, event: StoredEvent): Promise<void> {
  await upToHead(deps.tools.log, deps.views.activeTokens);
  const userId = event.stream as UserId;
  const reason = event.type === 'UserRemoved' ? 'user-removed' : 'user-disabled';
  for (const { tokenId } of everyRow<ActiveTokenRow>(deps.views.activeTokens, 'tokenId', { where: { userId } })) {
    const context = {
      actor: { kind: 'system' as const, nodeId: null },
      correlationId: event.metadata.correlationId,
      causationId: event.id,
    };
    await new StreamWriter(deps.tools, tokenDecider, tokenId).run(context, (at) => ({ type: 'revoke', reason, at }));
  }
}

/** Deletes what proves tokens that have expired, were revoked, or were never issued. Run at start and every minute. */
export async function sweepProofs(deps: EndPassesTools): Promise<void> {
  const at = await deps.tools.now();
  for (const { tokenId, expiresAt } of await deps.proofs.list()) {
    const history = await deps.tools.log.readStream(tokenId);
    const ended = history.some((event) => event.type === 'TemporaryTokenRevoked');
    if (history.length === 0 ? expiresAt <= at : ended || expiresAt <= at) await deps.proofs.drop(tokenId);
  }
}
