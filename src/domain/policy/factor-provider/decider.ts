import { declaredDecider, refuse } from '../../kernel/declared.ts';
import type { Rejection } from '../../kernel/decider.ts';
import { titleProblem } from '../../kernel/names.ts';
import { dialect } from '../cel.ts';
import type { FactorProviderSpec } from '../events.ts';
import { factorExpressions } from './claims.ts';

export type FactorProviderCode = 'invalid-name' | 'unknown-dialect' | 'invalid-at-login' | 'invalid-at-token';

function check(spec: FactorProviderSpec): Rejection<FactorProviderCode> | null {
  const problem = titleProblem(spec.name);
  if (problem !== null) return refuse('invalid-name', `factor provider: ${problem}`);
  const noun = `factor provider "${spec.name}"`;
  if (spec.dialect !== dialect) {
    return refuse('unknown-dialect', `${noun}: write its expressions in ${dialect}, not in "${spec.dialect}"`);
  }
  const atLogin = factorExpressions.check(spec.atLogin ?? 'true');
  if (!atLogin.ok) return refuse('invalid-at-login', `${noun}: atLogin: ${atLogin.message}`);
  const atToken = factorExpressions.check(spec.atToken ?? 'true');
  if (!atToken.ok) return refuse('invalid-at-token', `${noun}: atToken: ${atToken.message}`);
  return null;
}

/** When a second factor of one kind is asked for, as an administrator declares it. */
export const factorProviderDecider = declaredDecider<
  FactorProviderSpec,
  'FactorProviderDeclared',
  'FactorProviderWithdrawn',
  FactorProviderCode
>({
  noun: 'factor provider',
  declared: 'FactorProviderDeclared',
  withdrawn: 'FactorProviderWithdrawn',
  check,
});
