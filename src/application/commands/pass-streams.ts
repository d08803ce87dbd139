import type { DomainEvent } from '../../domain/kernel/event.ts';
import { isStreamIdOf, type KeyId, type LoginId, type PassId } from '../../domain/kernel/ids.ts';
import type { AdmitSession, PassState, RevokePass } from '../../domain/kernel/pass.ts';
import { keyDecider } from '../../domain/key/decider.ts';
import type { KeyState } from '../../domain/key/state.ts';
import { loginDecider } from '../../domain/login/decider.ts';
import { asPass, type LoginState } from '../../domain/login/state.ts';
import { tokenDecider } from '../../domain/token/decider.ts';
import { FoldedStreams } from './folded-streams.ts';
import { type CommandContext, type CommandResult, type CommandTools, StreamWriter } from './run-command.ts';

const tokens = new FoldedStreams(tokenDecider);
const keys = new FoldedStreams(keyDecider);
const logins = new FoldedStreams(loginDecider);

/** A registered key as it is durable now. */
export async function readKey({ log }: Pick<CommandTools, 'log'>, keyId: KeyId): Promise<KeyState> {
  return (await keys.read(log, keyId)).state;
}

/** A login as it is durable now, at whatever door. */
export async function readLogin({ log }: Pick<CommandTools, 'log'>, loginId: LoginId): Promise<LoginState> {
  return (await logins.read(log, loginId)).state;
}

/** A pass as it is durable now; `absent` for a login of the command line, which is none. */
export async function readPass({ log }: Pick<CommandTools, 'log'>, passId: PassId): Promise<PassState> {
  if (isStreamIdOf('key', passId)) return readKey({ log }, passId);
  if (!isStreamIdOf('login', passId)) return (await tokens.read(log, passId)).state;
  const state = asPass(await readLogin({ log }, passId));
  return state.status === 'absent' ? state : { ...state, pass: { ...state.pass, loginId: passId } };
}

/** Admits on a pass, or revokes it: a login is closed. As `runCommand`. */
export function runOnPass(
  tools: CommandTools,
  passId: PassId,
  context: CommandContext,
  wish: (at: string) => AdmitSession | RevokePass,
): Promise<CommandResult<DomainEvent, string>> {
  if (isStreamIdOf('key', passId)) return new StreamWriter(tools, keyDecider, passId, keys).run(context, wish);
  if (!isStreamIdOf('login', passId)) return new StreamWriter(tools, tokenDecider, passId, tokens).run(context, wish);
  return new StreamWriter(tools, loginDecider, passId, logins).run(context, (at) => {
    const command = wish(at);
    if (command.type === 'admit') return command;
    const { reason, how = null } = command;
    return { type: 'close', reason: reason === 'owner' ? 'logout' : reason, how, at };
  });
}
