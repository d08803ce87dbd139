import type { TerminalRequest, Variable } from '../../application/ports/target-terminal.ts';
import { mayPass, type SshChannels } from '../../domain/policy/channels.ts';
import type { Refusals } from './refusals.ts';

/** What every client sends about its language, and git about its protocol: refused, and not worth an event each. */
const usual = /^(LANG|LANGUAGE|LC_[A-Z]+|COLORTERM|GIT_PROTOCOL)$/;

/**
 * What of `request` the entitlement opens: null when not even the shell or command; what it does not is noted. A file
 * transfer is judged by what is said about files.
 */
export function entitled(
  request: TerminalRequest,
  channels: SshChannels,
  refusals: Refusals,
  isTransfer: boolean,
): TerminalRequest | null {
  if (!isTransfer && request.kind !== 'sftp' && !channels[request.kind]) {
    refusals.note(request.kind);
    return null;
  }
  return { ...request, env: request.env.filter((variable) => passes(variable, channels, refusals)) };
}

/** Whether a variable reaches the target, as far as we have a say; a no is noted. */
export function passes({ name }: Variable, channels: SshChannels, refusals: Refusals): boolean {
  const passing = mayPass(channels, name);
  if (!passing && !usual.test(name)) refusals.note('env', name);
  return passing;
}
