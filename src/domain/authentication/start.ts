import type { Rejection } from '../kernel/decider.ts';
import { canBeMet, haveOwnIds, isFactor, mechanismsOf } from './challenges.ts';
import type { StartAuthentication } from './commands.ts';
import { localProvider } from './events.ts';

export type StartCode = 'no-challenge' | 'duplicate-mechanism' | 'wrong-purpose' | 'wrong-provider';
type Problem = Rejection<StartCode> | null;
type Attempt = StartAuthentication['attempt'];

/** Why an attempt can't be made like this; null: it can. */
export function startProblem(attempt: Attempt): Problem {
  const { challenges } = attempt;
  if (challenges.length === 0 || !canBeMet(challenges)) {
    return {
      code: 'no-challenge',
      message: 'a login attempt needs challenges, each with a mechanism to meet it and factors that can',
    };
  }
  if (!haveOwnIds(challenges)) {
    return { code: 'duplicate-mechanism', message: 'each mechanism of a login attempt needs an id of its own' };
  }
  return purposeProblem(attempt) ?? providerProblem(attempt);
}

function purposeProblem({ purpose, userId, loginId, challenges }: Attempt): Problem {
  if (purpose === 'login' ? loginId !== null : userId === null || loginId === null) {
    return { code: 'wrong-purpose', message: 'a fresh factor and a link are of somebody logged in, a login of nobody' };
  }
  if (purpose === 'fresh-factor') {
    if (mechanismsOf(challenges).every(isFactor)) return null;
    return { code: 'wrong-purpose', message: 'a fresh factor is shown by factors alone' };
  }
  // A factor alone says nothing of who somebody is.
  if (challenges[0]?.mechanisms.some(isFactor) !== true) return null;
  return { code: 'wrong-purpose', message: 'a login begins with a password or at a provider, not with a factor' };
}

function providerProblem({ provider, purpose, challenges }: Attempt): Problem {
  if (provider !== localProvider) return null;
  if (purpose === 'link') return { code: 'wrong-provider', message: 'there is nothing to link at the local provider' };
  if (mechanismsOf(challenges).every(({ name }) => name !== 'IDP')) return null;
  return { code: 'wrong-provider', message: 'the local provider has no address to be sent to' };
}
