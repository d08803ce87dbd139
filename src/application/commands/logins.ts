import { loginDecider } from '../../domain/login/decider.ts';
import { isLive } from '../../domain/login/state.ts';
import { isBuiltInRole, permissionsOf } from '../../domain/policy/permissions.ts';
import type { RoleSpec } from '../../domain/policy/events.ts';
import { userDecider } from '../../domain/user/decider.ts';
import { stillStands } from '../identities/still-stands.ts';
import type { Viewer } from '../ports/application-face.ts';
import type { DirectoryRow, ReadModels } from '../ports/read-models.ts';
import type { LoginProofs } from '../ports/token-proofs.ts';
import { everyRow, upToHead } from '../reading.ts';
import { userNameOf } from '../authentication/user-name.ts';
import type { LoginActivity } from './login-activity.ts';
import { readLogin } from './pass-streams.ts';
import { type CommandContext, type CommandTools, readState, StreamWriter } from './run-command.ts';

export interface LoginTools {
  readonly tools: CommandTools;
  readonly loginProofs: LoginProofs;
  readonly views: Pick<ReadModels, 'directory'>;
}

/**
 * The viewer a bearer or cookie stands for: login, user and roles as they are durable at the call. Null is a no. A login
 * that is found idle for too long is closed for good. `isUse`: its person does something now, and does not only still
 * get what they once asked for.
 */
export async function viewerOf(
  deps: LoginTools,
  activity: LoginActivity,
  secret: string,
  isUse = true,
): Promise<Viewer | null> {
  const loginId = await deps.loginProofs.verify(secret);
  if (loginId === null) return null;
  const login = await readLogin(deps.tools, loginId);
  const at = await deps.tools.now();
  if (login.status !== 'open' || !isLive(login, at)) {
    activity.forget(loginId);
    return null;
  }
  const { userId, identityId, idleMilliseconds, expiresAt } = login.login;
  if (identityId !== null && !(await stillStands(deps.tools, identityId, userId))) return null;
  if (activity.idleFor(loginId, at) > idleMilliseconds) {
    await endLogin(deps, activity, { loginId, userId }, 'idle');
    return null;
  }
  if (isUse) activity.use(loginId, at);
  const { state: user } = await readState(deps.tools.log, userDecider, userId);
  if (user.status !== 'active') return null;
  const permissions = permissionsOf(user.roles, await declaredRoles(deps, user.roles));
  const userName = await userNameOf(deps, userId);
  return { loginId, userId, userName, permissions, roles: user.roles, expiresAt };
}

/** What stands of the declared roles; nobody waits for the view who has none. */
async function declaredRoles(
  { tools, views: { directory } }: LoginTools,
  names: readonly string[],
): Promise<readonly RoleSpec[]> {
  if (names.every(isBuiltInRole)) return [];
  await upToHead(tools.log, directory);
  return everyRow<DirectoryRow>(directory, 'id', { where: { kind: 'role', removed: 0 } }).map((row) => ({
    name: row.name ?? '',
    labels: row.labels,
    permissions: row.permissions as RoleSpec['permissions'],
    scope: row.scope,
  }));
}

export function viewerContext(
  { tools }: Pick<LoginTools, 'tools'>,
  { userId }: Pick<Viewer, 'userId'>,
): CommandContext {
  return { actor: { kind: 'user', userId }, correlationId: tools.ids.uuid(), causationId: null };
}

/** Ends the viewer's own login; what proves it goes with it, by the reaction to its event. */
export function logout(deps: LoginTools, activity: LoginActivity, viewer: Viewer): Promise<void> {
  return endLogin(deps, activity, viewer, 'logout');
}

/** Closes a login; what proves it and what was opened with it end by the reactions to its event. */
export async function endLogin(
  deps: Pick<LoginTools, 'tools'>,
  activity: LoginActivity,
  viewer: Pick<Viewer, 'loginId' | 'userId'>,
  reason: 'logout' | 'idle',
): Promise<void> {
  await new StreamWriter(deps.tools, loginDecider, viewer.loginId).run(viewerContext(deps, viewer), (at) => ({
    type: 'close',
    reason,
    at,
  }));
  activity.forget(viewer.loginId);
}
