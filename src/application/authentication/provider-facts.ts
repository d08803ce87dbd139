import { SallyportError } from '../../domain/kernel/errors.ts';
import { identityIdOf } from '../identities/identity-id.ts';
import type { IdentityFact, ProviderAnswer } from '../ports/identity-providers.ts';
import { type AnswerFacts, type AnswerGiven, nothingFound } from './found.ts';
import { linkedPerson, observe } from './first-login.ts';
import { standingOf, userState } from './user-standing.ts';
import { inProviderTurn } from './provider-turns.ts';
import type { AuthenticationTools } from './tools.ts';

/**
 * What a provider says of who answered. One that can't be asked is an error and no wrong answer: the attempt goes on,
 * nobody is counted as guessing, and nothing else stands in for it.
 */
export async function providerFacts(deps: AuthenticationTools, given: AnswerGiven): Promise<AnswerFacts> {
  const { provider } = given.state.attempt;
  // Reports are in the order in which the provider was asked.
  const at = await deps.tools.now();
  const answer = given.mechanism.name === 'IDP' ? await redirected(deps, given) : await typed(deps, given);
  if (answer === null) return nothingFound;
  if (answer.ok) {
    const { identity, grant, until } = answer;
    if (identity.provider !== provider) return nothingFound;
    if (grant !== undefined) deps.notes.add(given.authenticationId, { grant });
    if (until !== undefined) deps.notes.add(given.authenticationId, { until });
    return await identified(deps, given, identity, at);
  }
  const { reason, detail } = answer;
  if (reason !== 'wrong-answer' && reason !== 'unknown-user') {
    deps.processLog.warn('an identity provider did not say who somebody is', { provider, reason, detail });
  }
  // What a directory says wrongly has nothing to do with what was typed; a browser may bring an answer of anybody's making.
  const itself = reason === 'unavailable' || (reason === 'untrusted' && given.mechanism.name !== 'IDP');
  if (!itself) return nothingFound;
  throw new SallyportError(
    'unavailable',
    'provider-unavailable',
    `the identity provider ${provider} gives no answer that counts, so nobody can log in by it; try again, and tell an administrator`,
  );
}

async function redirected(
  deps: AuthenticationTools,
  { state, answer, round }: AnswerGiven,
): Promise<ProviderAnswer | null> {
  const provider = await deps.providers.redirect(state.attempt.provider);
  if (provider === null || round === null || typeof answer === 'string') return null;
  const answered = await inProviderTurn(state.attempt.provider, () => provider.finish(answer, round.pending));
  if (answered.ok && answered.grant === undefined && provider.ask !== undefined) {
    deps.processLog.warn('a login left nothing to ask its identity provider by: it sent no refresh token', {
      provider: state.attempt.provider,
    });
  }
  return answered;
}

/** A password is hashed for nothing beside: who has one here and who has one there takes as long (security rule A10). */
async function typed(
  deps: AuthenticationTools,
  { authenticationId, state, answer }: AnswerGiven,
): Promise<ProviderAnswer | null> {
  const password = typeof answer === 'string' ? answer : '';
  const { userName } = deps.notes.of(authenticationId);
  const ask = async (): Promise<ProviderAnswer | null> => {
    const directory = userName === undefined ? null : await deps.providers.directory(state.attempt.provider);
    if (directory === null || userName === undefined) return null;
    return inProviderTurn(state.attempt.provider, () => directory.check(userName, password));
  };
  const [answered] = await Promise.all([ask(), deps.passwords.verify(null, password)]);
  return answered;
}

async function identified(
  deps: AuthenticationTools,
  given: AnswerGiven,
  identity: IdentityFact,
  at: string,
): Promise<AnswerFacts> {
  const { authenticationId, state, context } = given;
  const identityId = identityIdOf(deps.nameKeys, identity.provider, identity.subject);
  deps.notes.add(authenticationId, { identity });
  const { linkedTo, why } = await linkedPerson(
    deps,
    { identity, identityId, authenticationId, context },
    state.attempt.purpose,
  );
  if (linkedTo !== null) await observe(deps, identityId, identity, at, context);
  const person = state.attempt.purpose === 'link' ? state.attempt.userId : linkedTo;
  return {
    ...nothingFound,
    verified: true,
    identity: { identityId, provider: identity.provider, linkedTo },
    userStanding: standingOf(await userState(deps, person)),
    identityStanding: identity.standing,
    person,
    groups: identity.groups,
    notLinked: why,
  };
}
