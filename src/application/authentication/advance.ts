import { authenticationDecider } from '../../domain/authentication/decider.ts';
import type { AuthenticationEvent, AuthenticationSucceeded, Challenge } from '../../domain/authentication/events.ts';
import type { PendingAuthentication } from '../../domain/authentication/state.ts';
import { type AuthenticationId, isStreamIdOf } from '../../domain/kernel/ids.ts';
import { readState, StreamWriter } from '../commands/run-command.ts';
import { inTurnOf } from '../in-turn.ts';
import { upToHead } from '../reading.ts';
import type { AuthenticationAnswer, AuthenticationProgress } from '../ports/login-face.ts';
import { groupsOf } from '../admission/claims.ts';
import { ownChallenge } from '../factors/required-challenges.ts';
import { answerFacts } from './answer-facts.ts';
import type { AnswerFacts } from './found.ts';
import { failureOf, wrongAnswer } from './failure-texts.ts';
import { linkByOwner } from './link.ts';
import { closeUnlessPasswordStands, openLogin } from './open-login.ts';
import { shownChallenges } from './shown-challenges.ts';
import { type AuthenticationTools, strangerContext } from './tools.ts';
import { triedBy } from './tried-by.ts';
import { userNameOf } from './user-name.ts';

/**
 * Takes one answer: finds out what can be known of it, lets the aggregate decide, and does what follows. Answers to one
 * attempt wait for each other, so that a page sent twice does not use up what a provider takes once. Errors: kind `limit`
 * when the brake on guessing has it (security rule A9); then nothing was looked at, and the attempt goes on.
 */
export async function advanceAuthentication(
  deps: AuthenticationTools,
  wish: AuthenticationAnswer,
): Promise<AuthenticationProgress> {
  const id = wish.authenticationId;
  if (!isStreamIdOf('authentication', id)) return wrongAnswer();
  const { state } = await readState(deps.tools.log, authenticationDecider, id);
  if (state.status !== 'pending') return wrongAnswer();
  return deps.brake.attempt(
    triedBy(state, wish.source),
    () => inTurnOf(`answers to ${id}`, () => advance(deps, id, wish)),
    ({ status }) => status === 'failed',
  );
}

async function advance(
  deps: AuthenticationTools,
  authenticationId: AuthenticationId,
  wish: AuthenticationAnswer,
): Promise<AuthenticationProgress> {
  const { state } = await readState(deps.tools.log, authenticationDecider, authenticationId);
  if (state.status !== 'pending') return wrongAnswer();
  const context = strangerContext(deps, wish.source);
  const { roundId, mechanism, facts } = await answerFacts(deps, wish, { authenticationId, state, context });
  const name = mechanism?.name;
  const { person: _person, groups: _groups, notLinked, ...said } = facts;
  const required = await askedOfPolicy(deps, state, facts, name === undefined ? [] : [name]);
  const result = await new StreamWriter(deps.tools, authenticationDecider, authenticationId).run(context, (at) => ({
    type: 'answer',
    mechanismId: wish.mechanismId,
    roundId,
    ...said,
    required,
    at,
  }));
  if (!result.ok) return wrongAnswer(name);
  const events = result.events as readonly AuthenticationEvent[];
  const after = events.reduce(authenticationDecider.evolve, state);
  if (after.status === 'pending') {
    return { status: 'next', challenges: shownChallenges(after.challenges.slice(after.challenge)) };
  }
  const success = events.find((event) => event.type === 'AuthenticationSucceeded');
  try {
    const passwordId = facts.passwordId ?? state.passwordId;
    if (success !== undefined) return await succeeded(deps, authenticationId, { ...state, passwordId }, success.data);
  } finally {
    deps.notes.forget(authenticationId);
  }
  return after.status === 'failed' ? failureOf(after.reason, name, notLinked) : wrongAnswer(name);
}

async function succeeded(
  deps: AuthenticationTools,
  authenticationId: AuthenticationId,
  { attempt, passwordId }: PendingAuthentication,
  success: AuthenticationSucceeded['data'],
): Promise<AuthenticationProgress> {
  const { purpose, userId } = success;
  if (purpose === 'login') {
    const { identity, grant, until = null } = deps.notes.of(authenticationId);
    // What the provider said beside who it is would be lost: how long it holds, and what to ask by.
    if (success.identityId !== null && identity === undefined) {
      return { status: 'failed', message: 'this took too long; begin again', mustChange: false };
    }
    const login = await openLogin(deps, authenticationId, attempt.source, success, until);
    if (!(await closeUnlessPasswordStands(deps, login.loginId, userId, passwordId))) return wrongAnswer();
    // Before the person has what proves the login: nobody is inside who could be asked for and is not.
    if (grant !== undefined && success.identityId !== null) await deps.grants.keep(success.identityId, grant);
    return { status: 'success', login, user: { id: userId, name: await userNameOf(deps, userId) } };
  }
  if (purpose === 'link') {
    const problem = await linkByOwner(deps, authenticationId, success);
    if (problem !== null) return { status: 'failed', message: problem, mustChange: false };
  }
  return { status: 'shown', authenticationId, purpose };
}

/** The challenges on top, asked for once the person is known and everything else is met; an error is a no. */
async function askedOfPolicy(
  deps: AuthenticationTools,
  { attempt, appended, challenge, challenges, factors }: PendingAuthentication,
  { verified, person, groups: atProvider }: AnswerFacts,
  answered: readonly string[],
): Promise<readonly Challenge[] | null> {
  if (!verified || person === null || appended || attempt.purpose === 'fresh-factor') return [];
  if (challenge + 1 < challenges.length) return [];
  try {
    const { directory, factors: enrolled } = deps.views;
    await upToHead(deps.tools.log, directory, enrolled);
    const row = directory.get(person);
    const declared = row === undefined ? [] : groupsOf(directory, row);
    const required = await deps.requiredChallenges({
      userId: person,
      username: await userNameOf(deps, person),
      groups: [...new Set([...declared, ...atProvider])].sort(),
      provider: attempt.provider,
      factors: [...factors, ...answered],
      source: attempt.source,
      door: attempt.door,
    });
    if (attempt.purpose !== 'link' || required?.length !== 0) return required;
    // An identity opens the account from then on: whoever has a factor shows it for that, whatever the policy says of logins.
    const own = await ownChallenge(deps, person);
    return own.mechanisms.length === 0 ? [] : [own];
  } catch (error) {
    deps.processLog.error('it could not be found out which second factor a login needs, so it was refused', {
      error: String(error),
    });
    return null;
  }
}
