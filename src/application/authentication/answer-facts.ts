import { currentMechanism, isFactor, needsBeginning } from '../../domain/authentication/challenges.ts';
import { localProvider, type Mechanism } from '../../domain/authentication/events.ts';
import { sameJson } from '../../domain/kernel/json.ts';
import { hasReached } from '../../domain/kernel/time.ts';
import type { AuthenticationAnswer } from '../ports/login-face.ts';
import { factorFacts } from './factor-facts.ts';
import { type AnswerFacts, type AnswerGiven, nothingFound } from './found.ts';
import { passwordFacts } from './password-facts.ts';
import { providerFacts } from './provider-facts.ts';
import { openRound } from './round.ts';
import type { AuthenticationTools } from './tools.ts';

/** Asks who can say it, once for each answer. Errors: `unavailable` when a provider can't be asked: nothing was done. */
export async function answerFacts(
  deps: AuthenticationTools,
  wish: AuthenticationAnswer,
  attempt: Pick<AnswerGiven, 'authenticationId' | 'state' | 'context'>,
): Promise<{
  readonly roundId: string | null;
  readonly mechanism: Mechanism | undefined;
  readonly facts: AnswerFacts;
}> {
  const mechanism = currentMechanism(attempt.state, wish.mechanismId);
  const round = openRound(deps.sealing, wish.round, wish);
  const roundId = round?.roundId ?? null;
  // What comes too late reaches nobody: the aggregate refuses it, and as no guess, so that it must not be one elsewhere.
  const late = hasReached(await deps.tools.now(), attempt.state.attempt.expiresAt);
  if (mechanism === undefined || late) return { roundId, mechanism, facts: nothingFound };
  const isNewest = sameJson(attempt.state.round, { mechanismId: mechanism.id, roundId });
  // What is not the answer to what was begun last reaches no provider; the aggregate refuses it.
  if (needsBeginning(mechanism) && !isNewest) return { roundId, mechanism, facts: nothingFound };
  const given = { ...attempt, mechanism, answer: wish.answer, round };
  return { roundId: needsBeginning(mechanism) ? roundId : null, mechanism, facts: await found(deps, given) };
}

async function found(deps: AuthenticationTools, given: AnswerGiven): Promise<AnswerFacts> {
  if (isFactor(given.mechanism)) return factorFacts(deps, given);
  const { provider } = given.state.attempt;
  return provider === localProvider ? passwordFacts(deps, given) : providerFacts(deps, given);
}
