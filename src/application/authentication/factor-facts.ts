import { identityDecider } from '../../domain/identity/decider.ts';
import type { AnswerChallenge } from '../../domain/authentication/commands.ts';
import { readState } from '../commands/run-command.ts';
import { type AnswerFacts, type AnswerGiven, nothingFound } from './found.ts';
import { standingOf, userState } from './user-standing.ts';
import type { AuthenticationTools } from './tools.ts';

/** What a second factor says, and how its person stands by now. */
export async function factorFacts(deps: AuthenticationTools, given: AnswerGiven): Promise<AnswerFacts> {
  const { authenticationId, state, mechanism, answer, round, context } = given;
  const { person } = state;
  if (person === null || typeof answer !== 'string') return nothingFound;
  const pending = round?.pending ?? null;
  const factor = await deps.factors.check({ authenticationId, person, mechanism, answer, pending, context });
  return {
    ...nothingFound,
    verified: factor !== null,
    factor,
    userStanding: standingOf(await userState(deps, person)),
    identityStanding: await identityStanding(deps, given),
    person,
    groups: deps.notes.of(authenticationId).identity?.groups ?? [],
  };
}

/** As the provider saw the identity last that the attempt rests on. */
async function identityStanding(
  { tools, notes }: AuthenticationTools,
  { authenticationId, state: { attempt, identityId, person } }: AnswerGiven,
): Promise<AnswerChallenge['identityStanding']> {
  if (identityId === null) return null;
  // What is to be linked is nobody's yet.
  if (attempt.purpose === 'link') return notes.of(authenticationId).identity?.standing ?? null;
  const { state } = await readState(tools.log, identityDecider, identityId);
  return state.status === 'linked' && state.userId === person ? (state.seen?.standing ?? null) : null;
}
