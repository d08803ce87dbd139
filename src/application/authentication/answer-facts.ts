import { currentMechanism, isFactor, needsBeginning } from '../../domain/authentication/challenges.ts';
import type { AnswerChallenge } from '../../domain/authentication/commands.ts';
import { localProvider, type Mechanism } from '../../domain/authentication/events.ts';
import type { PendingAuthentication } from '../../domain/authentication/state.ts';
import { sameJson } from '../../domain/kernel/json.ts';
import type { AuthenticationId, UserId } from '../../domain/kernel/ids.ts';
import type { CommandContext } from '../commands/run-command.ts';
import type { AuthenticationAnswer } from '../ports/login-face.ts';
import { factorFacts } from './factor-facts.ts';
import { passwordFacts } from './password-facts.ts';
import { providerFacts } from './provider-facts.ts';
import { openRound, type Round } from './round.ts';
import type { AuthenticationTools } from './tools.ts';

/** Whose answer to what. `round` is null unless it is the newest one of the mechanism. */
export interface AnswerGiven {
  readonly authenticationId: AuthenticationId;
  readonly state: PendingAuthentication;
  readonly mechanism: Mechanism;
  readonly answer: AuthenticationAnswer['answer'];
  readonly round: Round | null;
  readonly context: CommandContext;
}

/** What was found of an answer; the aggregate decides what follows. */
export type AnswerFacts = Omit<AnswerChallenge, 'type' | 'mechanismId' | 'roundId' | 'required' | 'at'> & {
  /** Who answered; null: nobody we know. */
  readonly person: UserId | null;
  readonly groups: readonly string[];
  /** Why somebody whom a provider named is nobody here, in words for them. */
  readonly notLinked: string | null;
};

export const nothingFound: AnswerFacts = {
  verified: false,
  identity: null,
  passwordId: null,
  factor: null,
  userStanding: 'disabled',
  identityStanding: null,
  person: null,
  groups: [],
  notLinked: null,
};

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
  if (mechanism === undefined) return { roundId, mechanism, facts: nothingFound };
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
