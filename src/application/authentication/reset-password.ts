import { isStreamIdOf, type UserId } from '../../domain/kernel/ids.ts';
import { userDecider } from '../../domain/user/decider.ts';
import { longestResetMilliseconds } from '../../domain/user/password.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import { holderOfName } from '../admission/verify-pass.ts';
import { viewerContext } from '../commands/logins.ts';
import { refused } from '../commands/passes.ts';
import { runCommand } from '../commands/run-command.ts';
import type { Refused, Viewer } from '../ports/application-face.ts';
import type { LoginFace } from '../ports/login-face.ts';
import { upToHead } from '../reading.ts';
import { chosenProblem, type PasswordChange, type PasswordTools, setChosen } from './change-password.ts';
import { userState } from './user-standing.ts';
import type { AuthenticationTools } from './tools.ts';

const prefix = 'spr_';
const purpose = 'password reset';

/** An administrator makes a link that sets a password once, within an hour; the newest one of a person counts. */
export async function offerPasswordReset(
  deps: Pick<AuthenticationTools, 'tools' | 'nameKeys' | 'sealing' | 'views'>,
  viewer: Viewer,
  userName: string,
): ReturnType<LoginFace['offerPasswordReset']> {
  if (!viewer.permissions.includes('administer')) {
    return refused('denied', 'making a link to set a password needs the permission administer; ask an administrator');
  }
  const userId = await holderOfName(deps, userName);
  if (userId === null) return refused('absent', `there is no user ${visibleText(userName)}`);
  const resetId = deps.tools.ids.uuid();
  await upToHead(deps.tools.log, deps.views.identities);
  const hasIdentity = deps.views.identities.count({ userId, linked: 1 }) > 0;
  const offer = {
    type: 'offer-password-reset',
    resetId,
    hasIdentity,
    ttlMilliseconds: longestResetMilliseconds,
  } as const;
  const command = (at: string) => ({ ...offer, at });
  const result = await runCommand(deps.tools, userDecider, userId, viewerContext(deps, viewer), command);
  if (!result.ok) return refused(result.rejection.code, result.rejection.message);
  const { expiresAt } = result.events[0]?.data as { readonly expiresAt: string };
  // Nothing is kept of the link: that it opens proves that it was made here, and whether it counts stands in the log.
  return { ok: true, link: prefix + deps.sealing.seal(purpose, JSON.stringify([userId, resetId])), expiresAt };
}

/** Whoever has the link chooses a password. A link that is no good tells nothing, whyever it is not. */
export async function resetPassword(
  deps: PasswordTools & Pick<AuthenticationTools, 'sealing'>,
  { link, password }: Parameters<LoginFace['resetPassword']>[0],
): Promise<PasswordChange> {
  const proven = openLink(deps, link);
  if (proven === null) return notAny();
  const { userId, resetId } = proven;
  const user = await userState(deps, userId);
  const reset = { type: 'reset-password', resetId, verified: true } as const;
  const first = userDecider.decide({ ...reset, secretId: '', at: await deps.tools.now() }, user);
  // Before anything is said of the new password: an old link tells nothing.
  if (!first.ok) return notAny();
  const problem = await chosenProblem(deps, userId, user, password);
  if (problem !== null) return refused('password-refused', problem);
  const done = await setChosen(deps, reset, userId, password);
  return done.ok ? done : notAny();
}

function openLink(
  { sealing }: Pick<AuthenticationTools, 'sealing'>,
  link: string,
): { readonly userId: UserId; readonly resetId: string } | null {
  const text = link.startsWith(prefix) ? sealing.open(purpose, link.slice(prefix.length)) : null;
  if (text === null) return null;
  const [userId = '', resetId = ''] = JSON.parse(text) as string[];
  return isStreamIdOf('user', userId) ? { userId, resetId } : null;
}

function notAny(): Refused {
  return refused('link-void', 'this link sets no password any more; ask an administrator for a new one');
}
