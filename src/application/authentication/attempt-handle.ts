import { authenticationDecider } from '../../domain/authentication/decider.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { readState } from '../commands/run-command.ts';
import type { StartedAuthentication } from '../ports/login-face.ts';
import type { AuthenticationTools } from './tools.ts';

const purpose = 'authentication attempt';

type Tools = Pick<AuthenticationTools, 'tools' | 'sealing'>;

/**
 * What whoever began an attempt goes on with. Its stream alone will not do: that is in the log, and who may read the log
 * must not link an identity of theirs to somebody else, or choose the password that somebody else is to change.
 */
export function withHandle<T extends StartedAuthentication>({ sealing }: Tools, started: T): T {
  return { ...started, authenticationId: sealing.seal(purpose, started.authenticationId) };
}

/** The attempt of a handle; '' for what is none. A fresh factor is asked for by its stream: it counts for its login alone. */
export async function ofHandle({ tools, sealing }: Tools, handle: string): Promise<string> {
  if (!isStreamIdOf('authentication', handle)) return sealing.open(purpose, handle) ?? '';
  const { state } = await readState(tools.log, authenticationDecider, handle);
  return state.status === 'pending' && state.attempt.purpose === 'fresh-factor' ? handle : '';
}
