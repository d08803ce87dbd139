import type { AuthenticationSucceeded } from '../../domain/authentication/events.ts';
import { identityDecider } from '../../domain/identity/decider.ts';
import type { AuthenticationId, IdentityId, LoginId } from '../../domain/kernel/ids.ts';
import { loginDecider } from '../../domain/login/decider.ts';
import { isLive } from '../../domain/login/state.ts';
import { viewerContext } from '../commands/logins.ts';
import { refused } from '../commands/passes.ts';
import { readState, runCommand } from '../commands/run-command.ts';
import type { Refused, Viewer } from '../ports/application-face.ts';
import { observe } from './first-login.ts';
import type { AuthenticationTools } from './tools.ts';

/** Links what an attempt for linking has proven; gives why not in words for the owner, or null. */
export async function linkByOwner(
  deps: AuthenticationTools,
  authenticationId: AuthenticationId,
  { userId, identityId, loginId }: AuthenticationSucceeded['data'],
): Promise<string | null> {
  // Who was signed out meanwhile, everywhere perhaps, leaves no other way in behind.
  if (!(await stands(deps, loginId))) return 'the login that asked for this has ended; log in again';
  const { identity } = deps.notes.of(authenticationId);
  if (identity === undefined || identityId === null) return 'this took too long; begin again';
  const { provider, subject } = identity;
  const context = viewerContext(deps, { userId });
  const proven = { userId, identityId };
  const link = { type: 'link-by-owner', identityId, userId, provider, subject, authenticationId, proven } as const;
  const at = await deps.tools.now();
  const result = await runCommand(deps.tools, identityDecider, identityId, context, link);
  if (!result.ok) return result.rejection.message;
  await observe(deps, identityId, identity, at, context);
  return null;
}

async function stands({ tools }: Pick<AuthenticationTools, 'tools'>, loginId: LoginId | null): Promise<boolean> {
  if (loginId === null) return false;
  const { state } = await readState(tools.log, loginDecider, loginId);
  return isLive(state, await tools.now());
}

/** Takes an own identity off, or with `administer` anybody's. Somebody else's reads like one that is not there. */
export async function unlinkIdentity(
  deps: AuthenticationTools,
  viewer: Viewer,
  identityId: IdentityId,
): Promise<{ readonly ok: true } | Refused> {
  const { state } = await readState(deps.tools.log, identityDecider, identityId);
  const own = state.status !== 'absent' && state.userId === viewer.userId;
  if (state.status !== 'linked' || !(own || viewer.permissions.includes('administer'))) {
    if (own) return { ok: true };
    return refused('absent', 'there is no such identity that you may unlink');
  }
  const command = { type: 'unlink', userId: state.userId, by: own ? 'owner' : 'administrator' } as const;
  const result = await runCommand(deps.tools, identityDecider, identityId, viewerContext(deps, viewer), command);
  return result.ok ? { ok: true } : refused(result.rejection.code, result.rejection.message);
}
