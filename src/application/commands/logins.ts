import { isStreamIdOf, type LoginId } from '../../domain/kernel/ids.ts';
import { millisecondsBetween } from '../../domain/kernel/time.ts';
import { loginDecider } from '../../domain/login/decider.ts';
import { isLive } from '../../domain/login/state.ts';
import { permissionsOf } from '../../domain/policy/permissions.ts';
import type { RoleSpec } from '../../domain/policy/events.ts';
import { userDecider } from '../../domain/user/decider.ts';
import type { Viewer } from '../ports/application-face.ts';
import type { DirectoryRow, ReadModels } from '../ports/read-models.ts';
import type { LoginProofs } from '../ports/token-proofs.ts';
import { everyRow } from '../reading.ts';
import { userNameOf } from './authenticate.ts';
import { type CommandContext, type CommandTools, readState, StreamWriter } from './run-command.ts';

export interface LoginTools {
  readonly tools: CommandTools;
  readonly loginProofs: LoginProofs;
  readonly views: Pick<ReadModels, 'directory'>;
}

/**
 * Logins in use on this node: their idle time (A7) is kept in memory, so that a restart counts as use. An entry goes
 * with its login's end.
 */
export class LoginActivity {
  readonly #lastUse = new Map<LoginId, string>();

  /** False when the login was idle too long; otherwise notes the use. */
  use(loginId: LoginId, at: string, idleMilliseconds: number): boolean {
    const last = this.#lastUse.get(loginId);
    if (last !== undefined && millisecondsBetween(last, at) > idleMilliseconds) return false;
    this.#lastUse.set(loginId, at);
    const [oldest] = this.#lastUse.keys();
    if (this.#lastUse.size > 100_000 && oldest !== undefined) this.#lastUse.delete(oldest);
    return true;
  }

  forget(loginId: LoginId): void {
    this.#lastUse.delete(loginId);
  }
}

/** The viewer a bearer or cookie stands for, read from the log: login, user and roles as they are now. Null is a no. */
export async function viewerOf(deps: LoginTools, activity: LoginActivity, secret: string): Promise<Viewer | null> {
  const loginId = await deps.loginProofs.verify(secret);
  if (loginId === null || !isStreamIdOf('login', loginId)) return null;
  const { state: login } = await readState(deps.tools.log, loginDecider, loginId);
  const at = await deps.tools.now();
  if (login.status !== 'open' || !isLive(login, at)) return null;
  if (!activity.use(loginId, at, login.login.idleMilliseconds)) return null;
  const { userId } = login.login;
  const { state: user } = await readState(deps.tools.log, userDecider, userId);
  if (user.status !== 'active') return null;
  const permissions = permissionsOf(user.roles, declaredRoles(deps.views));
  const userName = await userNameOf(deps, userId);
  return { loginId, userId, userName, permissions, roles: user.roles, expiresAt: login.login.expiresAt };
}

function declaredRoles({ directory }: LoginTools['views']): readonly RoleSpec[] {
  return everyRow<DirectoryRow>(directory, 'id', { where: { kind: 'role', removed: 0 } }).map((row) => ({
    name: row.name ?? '',
    labels: row.labels,
    permissions: row.permissions as RoleSpec['permissions'],
    scope: row.scope,
  }));
}

export function viewerContext({ tools }: Pick<LoginTools, 'tools'>, viewer: Viewer): CommandContext {
  return { actor: { kind: 'user', userId: viewer.userId }, correlationId: tools.ids.uuid(), causationId: null };
}

/** Ends the viewer's own login; what proves it goes with it. */
export async function logout(deps: LoginTools, activity: LoginActivity, viewer: Viewer): Promise<void> {
  await new StreamWriter(deps.tools, loginDecider, viewer.loginId).run(viewerContext(deps, viewer), (at) => ({
    type: 'close',
    reason: 'logout',
    at,
  }));
  activity.forget(viewer.loginId);
  await deps.loginProofs.drop(viewer.loginId);
}
