import type { DomainEvent } from '../../domain/kernel/event.ts';
import { isStreamIdOf, type PassId } from '../../domain/kernel/ids.ts';
import type { AdmitSession, PassState, RevokePass } from '../../domain/kernel/pass.ts';
import { keyDecider } from '../../domain/key/decider.ts';
import { tokenDecider } from '../../domain/token/decider.ts';
import { type CommandContext, type CommandResult, type CommandTools, readState, StreamWriter } from './run-command.ts';

/** A token or a registered key as it is durable now; `absent` for any other kind of pass. */
export async function readPass({ log }: Pick<CommandTools, 'log'>, passId: PassId): Promise<PassState> {
  const { state } = isStreamIdOf('key', passId)
    ? await readState(log, keyDecider, passId)
    : await readState(log, tokenDecider, passId);
  return state;
}

/** Admits on a token or key, or revokes it. As `runCommand`. */
export function runOnPass(
  tools: CommandTools,
  passId: PassId,
  context: CommandContext,
  wish: (at: string) => AdmitSession | RevokePass,
): Promise<CommandResult<DomainEvent, string>> {
  return isStreamIdOf('key', passId)
    ? new StreamWriter(tools, keyDecider, passId).run(context, wish)
    : new StreamWriter(tools, tokenDecider, passId).run(context, wish);
}
