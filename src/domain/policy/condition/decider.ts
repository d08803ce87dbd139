import { declaredDecider, refuse } from '../../kernel/declared.ts';
import type { Rejection } from '../../kernel/decider.ts';
import { titleProblem } from '../../kernel/names.ts';
import { checkExpression, dialect, readsReason } from '../cel.ts';
import type { ConditionSpec } from '../events.ts';

export type ConditionCode = 'invalid-name' | 'unknown-dialect' | 'invalid-expression' | 'reason-not-read';

function check(spec: ConditionSpec): Rejection<ConditionCode> | null {
  const problem = titleProblem(spec.name);
  if (problem !== null) return refuse('invalid-name', `condition: ${problem}`);
  if (spec.dialect !== dialect) {
    return refuse('unknown-dialect', `condition "${spec.name}": write it in ${dialect}, not in "${spec.dialect}"`);
  }
  const checked = checkExpression(spec.expression);
  if (!checked.ok) return refuse('invalid-expression', `condition "${spec.name}": ${checked.message}`);
  if (spec.remedy?.kind === 'reason' && !readsReason(spec.expression)) {
    const message = 'no reason can meet this expression: use claims.user.reason in it, or a remedy of kind message';
    return refuse('reason-not-read', `condition "${spec.name}": ${message}`);
  }
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
