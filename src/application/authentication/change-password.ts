import { authenticationDecider } from '../../domain/authentication/decider.ts';
import type { AuthenticationState } from '../../domain/authentication/state.ts';
import { isStreamIdOf, type UserId } from '../../domain/kernel/ids.ts';
import type { ChangePassword, ResetPassword } from '../../domain/user/commands.ts';
import { userDecider } from '../../domain/user/decider.ts';
import type { UserState } from '../../domain/user/state.ts';
import { passwordProblem } from '../../domain/user/password-rules.ts';
import { refused } from '../commands/passes.ts';
import { readState, StreamWriter } from '../commands/run-command.ts';
import type { Refused } from '../ports/application-face.ts';
import { secretPrefix } from '../resources/secrets.ts';
import type { AuthenticationTools } from './tools.ts';
import { userNameOf } from './user-name.ts';

export type PasswordTools = Pick<AuthenticationTools, 'tools' | 'vault' | 'passwords'>;
export type PasswordChange = { readonly ok: true } | Refused;

/** What an attempt says to nobody, so that there is one text for an unknown attempt and for one that proves nothing. */
const notProven = 'log in with the password that must be changed, then change it within 5 minutes';

/**
 * The owner of a password that must be changed chooses another. `authenticationId` is the attempt that ended with
 * must-change; the person logs in anew afterwards.
 */
export async function changePassword(
  deps: PasswordTools,
  wish: { readonly authenticationId: string; readonly password: string },
): Promise<PasswordChange> {
  const proof = await proofOf(deps, wish.authenticationId);
  if (proof === null) return refused('not-proven', notProven);
  const { userId, passwordId } = proof;
  const user = (await readState(deps.tools.log, userDecider, userId)).state;
  // Decided before anything is hashed or said of the new password: an old proof costs nothing and tells nothing.
  const change = { type: 'change-password', userId, proof } as const;
  const first = userDecider.decide({ ...change, secretId: '', sameAsBefore: false, at: await deps.tools.now() }, user);
  if (!first.ok) return refused(first.rejection.code, first.rejection.message);
  const problem = await chosenProblem(deps, userId, user, wish.password);
  if (problem !== null) return refused('password-refused', problem);
  const before = Buffer.from(await deps.vault.open(passwordId)).toString('utf8');
  const sameAsBefore = await deps.passwords.verify(before, wish.password);
  return setChosen(deps, { ...change, sameAsBefore }, userId, wish.password);
}

/** Why its owner can't choose this password; null: they can. */
export async function chosenProblem(
  deps: PasswordTools,
  userId: UserId,
  user: UserState,
  password: string,
): Promise<string | null> {
  const email = user.status === 'active' && typeof user.email === 'string' ? [user.email] : [];
  return passwordProblem(password, [await userNameOf(deps, userId), ...email]);
}

type Chosen = Omit<ChangePassword, 'secretId' | 'at'> | Omit<ResetPassword, 'secretId' | 'at'>;

/** Seals the password of its owner's choice, then has the aggregate take it; what is refused leaves nothing. */
export async function setChosen(
  deps: PasswordTools,
  change: Chosen,
  userId: UserId,
  password: string,
): Promise<PasswordChange> {
  const secretId = `${secretPrefix.User ?? ''}${deps.tools.ids.uuid()}`;
  await deps.vault.put(secretId, Buffer.from(await deps.passwords.hash(password), 'utf8'));
  const result = await new StreamWriter(deps.tools, userDecider, userId).run(
    { actor: { kind: 'user', userId }, correlationId: deps.tools.ids.uuid(), causationId: null },
    (at) => ({ ...change, secretId, at }),
  );
  if (result.ok) return { ok: true };
  await deps.vault.destroy(secretId);
  return refused(result.rejection.code, result.rejection.message);
}

type Proof = NonNullable<ChangePassword['proof']> & { readonly userId: UserId; readonly passwordId: string };

/** How the attempt ended, when it knew a password. */
async function proofOf({ tools }: PasswordTools, authenticationId: string): Promise<Proof | null> {
  if (!isStreamIdOf('authentication', authenticationId)) return null;
  const state: AuthenticationState = (await readState(tools.log, authenticationDecider, authenticationId)).state;
  if (state.status !== 'failed' || state.userId === null || state.passwordId === null) return null;
  const { userId, reason, passwordId, until } = state;
  return { userId, reason, passwordId, until };
}
