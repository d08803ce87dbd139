import { declaredDecider, refuse } from '../../kernel/declared.ts';
import type { Rejection } from '../../kernel/decider.ts';
import { nameProblem } from '../../kernel/names.ts';
import type { AccountSpec } from '../events.ts';

export type AccountCode = 'invalid-name' | 'invalid-username' | 'target-fixed';

function check(spec: AccountSpec, previous: AccountSpec | null): Rejection<AccountCode> | null {
  const problem = nameProblem(spec.name);
  if (problem !== null) return refuse('invalid-name', `account: ${problem}`);
  const usernameProblem = nameProblem(spec.username);
  if (usernameProblem !== null) {
    return refuse('invalid-username', `account "${spec.name}": username: ${usernameProblem}`);
  }
  if (previous !== null && previous.targetId !== spec.targetId) {
    return refuse('target-fixed', `account "${spec.name}" can't move to another target; make a new account there`);
  }
  return null;
}

export const accountDecider = declaredDecider<AccountSpec, 'AccountDeclared', 'AccountWithdrawn', AccountCode>({
  noun: 'account',
  declared: 'AccountDeclared',
  withdrawn: 'AccountWithdrawn',
  check,
});
