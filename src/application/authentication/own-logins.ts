import type { LoginId } from '../../domain/kernel/ids.ts';
import { loginDecider } from '../../domain/login/decider.ts';
import { isLive } from '../../domain/login/state.ts';
import type { LoginActivity } from '../commands/login-activity.ts';
import { viewerContext } from '../commands/logins.ts';
import { refused } from '../commands/passes.ts';
import { runOnPass } from '../commands/pass-streams.ts';
import { type CommandContext, readState, runCommand } from '../commands/run-command.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { Refused, Viewer } from '../ports/application-face.ts';
import type { LoginDoor, OwnLogin } from '../ports/login-face.ts';
import type { ActiveKeyRow, ActiveLoginRow, ActiveTokenRow } from '../ports/read-models.ts';
import { everyRow, upToHead } from '../reading.ts';
import { type OpenedLogin, openLoginOn } from './open-login.ts';
import type { AuthenticationTools } from './tools.ts';

type Tools = Pick<AuthenticationTools, 'tools' | 'views' | 'loginProofs'>;

/** The live logins of the viewer, oldest first. */
export async function ownLogins({ tools, views }: Tools, viewer: Viewer): Promise<readonly OwnLogin[]> {
  await upToHead(tools.log, views.activeLogins);
  const now = await tools.now();
  return loginRows(views, viewer)
    .filter(({ expiresAt }) => expiresAt > now)
    .map(({ loginId, door, source, provider, factors, openedAt, expiresAt }) => ({
      loginId,
      door: door === 'web' ? 'web' : 'cli',
      source,
      provider,
      factors,
      openedAt,
      expiresAt,
      current: loginId === viewer.loginId,
    }));
}

function loginRows({ activeLogins }: Tools['views'], { userId }: Pick<Viewer, 'userId'>): readonly ActiveLoginRow[] {
  const rows = everyRow<ActiveLoginRow>(activeLogins, 'loginId', { where: { userId } });
  return rows.toSorted((a, b) => (a.openedAt < b.openedAt ? -1 : 1));
}

/** Ends one of the viewer's logins. Somebody else's reads like one that is not there. */
export async function closeLogin(
  { tools }: Tools,
  activity: LoginActivity,
  viewer: Viewer,
  loginId: LoginId,
): Promise<{ readonly ok: true } | Refused> {
  const { state } = await readState(tools.log, loginDecider, loginId);
  if (state.status === 'absent' || state.login.userId !== viewer.userId) {
    return refused('absent', 'you have no such login; nothing was closed');
  }
  await close(tools, activity, viewerContext({ tools }, viewer), loginId);
  return { ok: true };
}

async function close(
  tools: Tools['tools'],
  activity: LoginActivity,
  context: CommandContext,
  loginId: LoginId,
): Promise<void> {
  const command = (at: string) => ({ type: 'close', reason: 'logout', at }) as const;
  await runCommand(tools, loginDecider, loginId, context, command);
  activity.forget(loginId);
}

/**
 * Signs the viewer out everywhere: every login (`exceptThis`: but the one that asks), and every token and key. Logins
 * go first, and tokens are looked up then, so that none is made meanwhile and left.
 */
export async function closeEverything(
  { tools, views }: Tools,
  activity: LoginActivity,
  viewer: Viewer,
  exceptThis: boolean,
): Promise<void> {
  const context = viewerContext({ tools }, viewer);
  await upToHead(tools.log, views.activeLogins);
  for (const { loginId } of loginRows(views, viewer)) {
    if (!(exceptThis && loginId === viewer.loginId)) await close(tools, activity, context, loginId);
  }
  await upToHead(tools.log, views.activeTokens, views.activeKeys);
  const where = { userId: viewer.userId };
  const tokens = everyRow<ActiveTokenRow>(views.activeTokens, 'tokenId', { where }).map(({ tokenId }) => tokenId);
  const keys = everyRow<ActiveKeyRow>(views.activeKeys, 'keyId', { where }).map(({ keyId }) => keyId);
  for (const passId of [...tokens, ...keys]) {
    await runOnPass(tools, passId, context, (at) => ({ type: 'revoke', reason: 'owner', at }));
  }
  await upToHead(tools.log, views.activeLogins, views.activeTokens, views.activeKeys).catch(() => undefined);
}

/**
 * A login of the same person at another door. It rests on the same authentication and lasts no longer than the login
 * that asks: however often this is done, 12 hours after the person showed who they are it is over.
 */
export async function openLoginFor(
  deps: Tools,
  viewer: Viewer,
  { door, source }: { readonly door: LoginDoor; readonly source: string },
): Promise<OpenedLogin> {
  const { state } = await readState(deps.tools.log, loginDecider, viewer.loginId);
  if (state.status !== 'open' || !isLive(state, await deps.tools.now())) {
    throw ended();
  }
  const { userId, authenticationId, factors, provider, identityId, expiresAt } = state.login;
  const basis = { userId, authenticationId, factors, provider, identityId, source };
  const opened = await openLoginOn(deps, basis, door, expiresAt);
  // Whoever ended the login that asks may have looked for others just before this one was there.
  const { state: now } = await readState(deps.tools.log, loginDecider, viewer.loginId);
  if (now.status !== 'closed') return opened;
  const { reason, how } = now.closed;
  const context = viewerContext(deps, viewer);
  const close = (at: string) => ({ type: 'close', reason, how, at }) as const;
  await runCommand(deps.tools, loginDecider, opened.loginId, context, close);
  throw ended();
}

function ended(): SallyportError {
  return new SallyportError('denied', 'login-needed', 'this login has ended; log in again');
}
