import { type AnswerFacts, type AnswerGiven, nothingFound } from './found.ts';
import type { AuthenticationTools } from './tools.ts';
import { standingOf, userState } from './user-standing.ts';

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
