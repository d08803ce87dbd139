import { declaredDecider, refuse } from '../../kernel/declared.ts';
import type { Rejection } from '../../kernel/decider.ts';
import { titleProblem } from '../../kernel/names.ts';
import { checkExpression, dialect } from '../cel.ts';
import type { ConditionSpec } from '../events.ts';

export type ConditionCode = 'invalid-name' | 'unknown-dialect' | 'invalid-expression';

function check(spec: ConditionSpec): Rejection<ConditionCode> | null {
  const problem = titleProblem(spec.name);
  if (problem !== null) return refuse('invalid-name', `condition: ${problem}`);
  if (spec.dialect !== dialect) {
    return refuse('unknown-dialect', `condition "${spec.name}": write it in ${dialect}, not in "${spec.dialect}"`);
  }
  const checked = checkExpression(spec.expression);
  if (!checked.ok) return refuse('invalid-expression', `condition "${spec.name}": ${checked.message}`);
  return null;
}

export const conditionDecider = declaredDecider<
  ConditionSpec,
  'ConditionDeclared',
  'ConditionWithdrawn',
  ConditionCode
>({
  noun: 'condition',
  declared: 'ConditionDeclared',
  withdrawn: 'ConditionWithdrawn',
  check,
});
