import { userDecider } from '../../domain/user/decider.ts';
import type { UserState } from '../../domain/user/state.ts';
import type { AnswerChallenge } from '../../domain/authentication/commands.ts';
import type { UserId } from '../../domain/kernel/ids.ts';
import { readState } from '../commands/run-command.ts';
import { type AnswerFacts, type AnswerGiven, nothingFound } from './answer-facts.ts';
import type { AuthenticationTools } from './tools.ts';

/** The same hashing work whether the user exists, has a password, or not (security rule A10). */
export async function passwordFacts(
  deps: AuthenticationTools,
  { state: { attempt }, answer }: AnswerGiven,
): Promise<AnswerFacts> {
  const user = await userState(deps, attempt.userId);
  const password = user.status === 'active' || user.status === 'disabled' ? user.password : null;
  const hash = password === null ? null : Buffer.from(await deps.vault.open(password.secretId)).toString('utf8');
  const verified = await deps.passwords.verify(hash, typeof answer === 'string' ? answer : '');
  const passwordId = password?.secretId ?? null;
  return { ...nothingFound, verified, passwordId, userStanding: standingOf(user), person: attempt.userId };
}

export async function userState(
  { tools }: Pick<AuthenticationTools, 'tools'>,
  userId: UserId | null,
): Promise<UserState> {
  return userId === null ? { status: 'absent' } : (await readState(tools.log, userDecider, userId)).state;
}

/** Who is not there, or is not any more, is as one who may not. */
export function standingOf(user: UserState): AnswerChallenge['userStanding'] {
  if (user.status !== 'active') return 'disabled';
  return user.password?.mustChange === true ? 'must-change' : 'active';
}
