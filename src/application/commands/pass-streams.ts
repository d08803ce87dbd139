import type { DomainEvent } from '../../domain/kernel/event.ts';
import { isStreamIdOf, type KeyId, type PassId } from '../../domain/kernel/ids.ts';
import type { AdmitSession, PassState, RevokePass } from '../../domain/kernel/pass.ts';
import { keyDecider } from '../../domain/key/decider.ts';
import type { KeyState } from '../../domain/key/state.ts';
import { tokenDecider } from '../../domain/token/decider.ts';
import { FoldedStreams } from './folded-streams.ts';
import { type CommandContext, type CommandResult, type CommandTools, StreamWriter } from './run-command.ts';

const tokens = new FoldedStreams(tokenDecider);
const keys = new FoldedStreams(keyDecider);

/** A registered key as it is durable now. */
export async function readKey({ log }: Pick<CommandTools, 'log'>, keyId: KeyId): Promise<KeyState> {
  return (await keys.read(log, keyId)).state;
}

/** A token or a registered key as it is durable now; `absent` for any other kind of pass. */
export async function readPass({ log }: Pick<CommandTools, 'log'>, passId: PassId): Promise<PassState> {
  return isStreamIdOf('key', passId) ? readKey({ log }, passId) : (await tokens.read(log, passId)).state;
}

/** Admits on a token or key, or revokes it. As `runCommand`. */
export function runOnPass(
  tools: CommandTools,
  passId: PassId,
  context: CommandContext,
  wish: (at: string) => AdmitSession | RevokePass,
): Promise<CommandResult<DomainEvent, string>> {
  return isStreamIdOf('key', passId)
    ? new StreamWriter(tools, keyDecider, passId, keys).run(context, wish)
    : new StreamWriter(tools, tokenDecider, passId, tokens).run(context, wish);
}
