import type { AuthenticationSucceeded } from '../../domain/authentication/events.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { type AuthenticationId, type LoginId, streamId, type UserId } from '../../domain/kernel/ids.ts';
import { millisecondsBetween, plusMilliseconds } from '../../domain/kernel/time.ts';
import { loginDecider, longestLoginMilliseconds } from '../../domain/login/decider.ts';
import type { LoginOpened } from '../../domain/login/events.ts';
import { type CommandContext, StreamWriter } from '../commands/run-command.ts';
import { closeLogin } from '../identities/end-identity.ts';
import { passwordSetEnding } from '../identities/end-password.ts';
import type { LoginDoor } from '../ports/login-face.ts';
import type { AuthenticationTools } from './tools.ts';
import { userState } from './user-standing.ts';

/** A login that nobody uses for so long has ended (security rule A7). */
const idleMilliseconds = { web: 15 * 60_000, cli: longestLoginMilliseconds } as const;

export interface OpenedLogin {
  readonly loginId: LoginId;
  readonly secret: string;
  readonly expiresAt: string;
}

type Basis = Pick<
  LoginOpened['data'],
  'userId' | 'authenticationId' | 'source' | 'factors' | 'provider' | 'identityId'
>;

/** The login that a success is for; `until` as below. Errors: `internal` for one that is for something else. */
export function openLogin(
  deps: Pick<AuthenticationTools, 'tools' | 'loginProofs'>,
  authenticationId: AuthenticationId,
  source: string,
  { purpose, door, userId, factors, provider, identityId }: AuthenticationSucceeded['data'],
  until: string | null,
): Promise<OpenedLogin> {
  if (purpose !== 'login') {
    throw new SallyportError('internal', 'no-login', 'this authentication opens no login; start one that does');
  }
  const basis = { userId, authenticationId, source, factors, provider, identityId };
  return openLoginOn(deps, basis, door === 'web' ? 'web' : 'cli', until);
}

/**
 * Another password may have been set since this one was found right: whoever ended what rests on it may have looked just
 * before this login was there. `passwordId` null: it rests on something else. True: the login stands.
 */
export async function closeUnlessPasswordStands(
  { tools }: Pick<AuthenticationTools, 'tools'>,
  loginId: LoginId,
  userId: UserId,
  passwordId: string | null,
): Promise<boolean> {
  if (passwordId === null) return true;
  const user = await userState({ tools }, userId);
  const standing = user.status === 'active' || user.status === 'disabled' ? user.password : null;
  if (standing?.secretId === passwordId) return true;
  const cause = { correlationId: tools.ids.uuid(), causationId: null };
  await closeLogin(tools, loginId, passwordSetEnding, cause);
  return false;
}

/** Under an id and a secret of its own, each time (security rule A7). `until`: it lasts no longer than that. */
export async function openLoginOn(
  { tools, loginProofs }: Pick<AuthenticationTools, 'tools' | 'loginProofs'>,
  basis: Basis,
  door: LoginDoor,
  until: string | null,
): Promise<OpenedLogin> {
  const now = await tools.now();
  const longest = plusMilliseconds(now, longestLoginMilliseconds);
  const end = until === null || until > longest ? longest : until;
  const loginId = streamId('login', tools.ids.uuid());
  const { secret } = await loginProofs.issue(loginId, end);
  const context: CommandContext = {
    actor: { kind: 'user', userId: basis.userId },
    correlationId: tools.ids.uuid(),
    causationId: null,
  };
  const result = await new StreamWriter(tools, loginDecider, loginId).run(context, (at) => ({
    type: 'open',
    login: { ...basis, door, idleMilliseconds: idleMilliseconds[door] },
    ttlMilliseconds: millisecondsBetween(at, end),
    at,
  }));
  const opened = result.ok ? result.events[0] : undefined;
  if (opened === undefined) {
    await loginProofs.drop(loginId);
    throw new SallyportError('internal', 'login-not-opened', 'the login could not be opened; try again');
  }
  return { loginId, secret, expiresAt: (opened.data as { readonly expiresAt: string }).expiresAt };
}
