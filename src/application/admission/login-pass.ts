import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { asPass } from '../../domain/login/state.ts';
import { isLive } from '../../domain/kernel/pass.ts';
import { userDecider } from '../../domain/user/decider.ts';
import type { LoginActivity } from '../commands/login-activity.ts';
import { readLogin } from '../commands/pass-streams.ts';
import { type CommandTools, readState } from '../commands/run-command.ts';
import { stillStands } from '../identities/still-stands.ts';
import type { ProcessLog } from '../ports/system.ts';
import type { Viewer } from '../ports/viewer.ts';
import type { VerifiedPass } from './door.ts';

export interface LoginPassTools {
  readonly tools: CommandTools;
  readonly activity: Pick<LoginActivity, 'idleFor'>;
}

/**
 * The pass that the login of a viewer is; null: it opens nothing, because it has ended, was idle for too long, is none of
 * a browser, or its person or identity is not active any more. What stands in the log counts, never a view; nothing is
 * noted as a use. Never rejects: an error is a no.
 */
export async function verifyLogin(
  deps: LoginPassTools & { readonly processLog: ProcessLog },
  viewer: Pick<Viewer, 'loginId' | 'userId' | 'userName'>,
): Promise<VerifiedPass | null> {
  const { loginId, userId, userName } = viewer;
  const pass = { passId: loginId, userId, userName } as VerifiedPass;
  try {
    return (await isLiveLogin(deps, pass)) ? pass : null;
  } catch (error) {
    deps.processLog.error('a login could not be checked as a pass, so it was refused', { error: String(error) });
    return null;
  }
}

/** Whether a login is a pass of this person now. Errors: those of the log. */
export async function isLiveLogin(
  { tools, activity }: LoginPassTools,
  { passId, userId }: VerifiedPass,
): Promise<boolean> {
  if (!isStreamIdOf('login', passId)) return false;
  const [login, user] = await Promise.all([readLogin(tools, passId), readState(tools.log, userDecider, userId)]);
  if (login.status !== 'open' || login.login.userId !== userId || user.state.status !== 'active') return false;
  const { identityId, idleMilliseconds } = login.login;
  if (identityId !== null && !(await stillStands(tools, identityId, userId))) return false;
  const at = await tools.now();
  return isLive(asPass(login), at) && activity.idleFor(passId, at) <= idleMilliseconds;
}
