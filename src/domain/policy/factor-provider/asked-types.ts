import { type FactorProviderSpec, type FactorType, factorTypes } from '../events.ts';
import { type FactorClaims, factorExpressions } from './claims.ts';

/** A fresh factor for a token is asked for where a provider says so, one at a login also of whoever has enrolled it. */
export type FactorMoment = 'login' | 'token';

/**
 * The kinds of factors asked for, any one of which will do; null: an expression gave no answer, and nobody knows. Of
 * several providers of a kind one is enough. A provider that is disabled is as if it was not there, and where there is
 * none for a kind, whoever has enrolled that kind is asked at login: nothing that was switched off skips a factor.
 */
export function askedTypes(
  providers: readonly FactorProviderSpec[],
  moment: FactorMoment,
  claims: FactorClaims,
): readonly FactorType[] | null {
  const asked = factorTypes.map((type) => asksFor(type, providers, moment, claims));
  if (asked.includes(null)) return null;
  return factorTypes.filter((_type, index) => asked[index] === true);
}

function asksFor(
  type: FactorType,
  providers: readonly FactorProviderSpec[],
  moment: FactorMoment,
  claims: FactorClaims,
): boolean | null {
  const byDefault = moment === 'login' && claims.user.enrolled.includes(type);
  const ofType = providers.filter((provider) => provider.type === type && !provider.disabled);
  if (ofType.length === 0) return byDefault;
  const answers = ofType.map(({ atLogin, atToken }) => {
    const expression = moment === 'login' ? atLogin : atToken;
    if (expression === null) return byDefault;
    const answer = factorExpressions.evaluate(expression, claims);
    return 'value' in answer ? answer.value : null;
  });
  // An expression that fails might have asked for it: the others do not answer for it.
  if (answers.includes(null)) return null;
  return answers.includes(true);
}
