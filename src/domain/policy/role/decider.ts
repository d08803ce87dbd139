import { declaredDecider, refuse } from '../../kernel/declared.ts';
import type { Rejection } from '../../kernel/decider.ts';
import { titleProblem } from '../../kernel/names.ts';
import type { RoleSpec } from '../events.ts';
import { isBuiltInRole } from '../permissions.ts';

export type RoleCode = 'invalid-name' | 'built-in';

function check(spec: RoleSpec): Rejection<RoleCode> | null {
  const problem = titleProblem(spec.name);
  if (problem !== null) return refuse('invalid-name', `role: ${problem}`);
  if (isBuiltInRole(spec.name)) {
    return refuse('built-in', `the role "${spec.name}" is built in and stays as it is; choose another name`);
  }
  return null;
}

/** Built-in roles have no stream: they can't be declared, so there is nothing to withdraw. */
export const roleDecider = declaredDecider<RoleSpec, 'RoleDeclared', 'RoleWithdrawn', RoleCode>({
  noun: 'role',
  declared: 'RoleDeclared',
  withdrawn: 'RoleWithdrawn',
  check,
});
