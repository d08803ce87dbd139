import type { PassId } from '../../domain/kernel/ids.ts';
import type { RevokePass } from '../../domain/kernel/pass.ts';
import { loginDecider } from '../../domain/login/decider.ts';
import type { LoginClosed } from '../../domain/login/events.ts';
import type { Refused, Viewer } from '../ports/application-face.ts';
import { viewerContext } from './logins.ts';
import { refused } from './passes.ts';
import { runOnPass } from './pass-streams.ts';
import { type CommandTools, readState } from './run-command.ts';

/**
 * A pass that was made while its login was ended goes with it: whoever ended the login may have looked for its passes just
 * before this one was there. Null: the login stands.
 */
export async function endedMeanwhile(
  deps: { readonly tools: CommandTools },
  viewer: Viewer,
  passId: PassId,
): Promise<Refused | null> {
  const { state } = await readState(deps.tools.log, loginDecider, viewer.loginId);
  if (state.status !== 'closed') return null;
  const { how } = state.closed;
  const reason = reasonOf(state.closed);
  await runOnPass(deps.tools, passId, viewerContext(deps, viewer), (at) => ({ type: 'revoke', reason, how, at }));
  return refused('login-ended', 'this login was ended meanwhile, and what was made in it with it; log in again');
}

function reasonOf({ reason }: LoginClosed['data']): RevokePass['reason'] {
  return reason === 'logout' || reason === 'idle' || reason === 'factor-enrolled' ? 'owner' : reason;
}
