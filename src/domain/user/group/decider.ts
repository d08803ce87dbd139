import { declaredDecider, refuse } from '../../kernel/declared.ts';
import type { Rejection } from '../../kernel/decider.ts';
import { titleProblem } from '../../kernel/names.ts';
import type { GroupSpec } from '../events.ts';

export type GroupCode = 'invalid-name';

function check(spec: GroupSpec): Rejection<GroupCode> | null {
  const problem = titleProblem(spec.name);
  if (problem !== null) return refuse('invalid-name', `group: ${problem}`);
  return null;
}

export const groupDecider = declaredDecider<GroupSpec, 'GroupDeclared', 'GroupWithdrawn', GroupCode>({
  noun: 'group',
  declared: 'GroupDeclared',
  withdrawn: 'GroupWithdrawn',
  check,
});
