import { authenticationDecider } from '../../domain/authentication/decider.ts';
import type { AuthenticationState } from '../../domain/authentication/state.ts';
import { isStreamIdOf, type UserId } from '../../domain/kernel/ids.ts';
import type { ChangePassword } from '../../domain/user/commands.ts';
import { userDecider } from '../../domain/user/decider.ts';
import { passwordProblem } from '../../domain/user/password-rules.ts';
import { secretPrefix } from '../resources/secrets.ts';
import { type AuthenticateTools, userNameOf } from './authenticate.ts';
import { readState, StreamWriter } from './run-command.ts';

export type PasswordChange = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** What an attempt says to nobody, so that there is one text for an unknown attempt and for one that proves nothing. */
const notProven = 'log in with the password that must be changed, then change it within 5 minutes';

/**
 * The owner of a password that must be changed chooses another. `authenticationId` is the attempt that ended with
 * must-change; the person logs in anew afterwards.
 */
export async function changePassword(
  deps: AuthenticateTools,
  wish: { readonly authenticationId: string; readonly password: string },
): Promise<PasswordChange> {
  const proof = await proofOf(deps, wish.authenticationId);
  if (proof === null) return { ok: false, message: notProven };
  const { userId, passwordId } = proof;
  const user = (await readState(deps.tools.log, userDecider, userId)).state;
  // Decided before anything is hashed or said of the new password: an old proof costs nothing and tells nothing.
  const change = { type: 'change-password', userId, proof } as const;
  const first = userDecider.decide({ ...change, secretId: '', sameAsBefore: false, at: await deps.tools.now() }, user);
  if (!first.ok) return { ok: false, message: first.rejection.message };
  const email = user.status === 'active' && typeof user.email === 'string' ? [user.email] : [];
  const problem = passwordProblem(wish.password, [await userNameOf(deps, userId), ...email]);
  if (problem !== null) return { ok: false, message: problem };
  const before = Buffer.from(await deps.vault.open(passwordId)).toString('utf8');
  const sameAsBefore = await deps.passwords.verify(before, wish.password);
  return append(deps, { ...change, sameAsBefore }, wish.password);
}

async function append(
  deps: AuthenticateTools,
  change: Omit<ChangePassword, 'secretId' | 'at'>,
  password: string,
): Promise<PasswordChange> {
  const secretId = `${secretPrefix.User ?? ''}${deps.tools.ids.uuid()}`;
  await deps.vault.put(secretId, Buffer.from(await deps.passwords.hash(password), 'utf8'));
  const result = await new StreamWriter(deps.tools, userDecider, change.userId).run(
    { actor: { kind: 'user', userId: change.userId }, correlationId: deps.tools.ids.uuid(), causationId: null },
    (at) => ({ ...change, secretId, at }),
  );
  if (result.ok) return { ok: true };
  await deps.vault.destroy(secretId);
  return { ok: false, message: result.rejection.message };
}

type Proof = NonNullable<ChangePassword['proof']> & { readonly userId: UserId; readonly passwordId: string };

/** How the attempt ended, when it knew a password. */
async function proofOf({ tools }: AuthenticateTools, authenticationId: string): Promise<Proof | null> {
  if (!isStreamIdOf('authentication', authenticationId)) return null;
  const state: AuthenticationState = (await readState(tools.log, authenticationDecider, authenticationId)).state;
  if (state.status !== 'failed' || state.userId === null || state.passwordId === null) return null;
  const { userId, reason, passwordId, until } = state;
  return { userId, reason, passwordId, until };
}
