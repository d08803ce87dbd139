import { declaredDecider, refuse } from '../kernel/declared.ts';
import type { Rejection } from '../kernel/decider.ts';
import { titleProblem } from '../kernel/names.ts';
import { checkExpression, dialect } from './cel.ts';
import type { PolicySpec } from './events.ts';

export type PolicyCode = 'invalid-name' | 'unknown-dialect' | 'invalid-assign' | 'gives-nothing';

function check(spec: PolicySpec): Rejection<PolicyCode> | null {
  const problem = titleProblem(spec.name);
  if (problem !== null) return refuse('invalid-name', `policy: ${problem}`);
  if (spec.dialect !== dialect) {
    return refuse('unknown-dialect', `policy "${spec.name}": write assign in ${dialect}, not in "${spec.dialect}"`);
  }
  const checked = checkExpression(spec.assign);
  if (!checked.ok) return refuse('invalid-assign', `policy "${spec.name}": assign: ${checked.message}`);
  if (spec.entitlementIds.length === 0 && Object.keys(spec.entitlementLabels ?? {}).length === 0) {
    return refuse('gives-nothing', `policy "${spec.name}": name entitlements, or labels that entitlements carry`);
  }
  return null;
}

export const policyDecider = declaredDecider<PolicySpec, 'PolicyDeclared', 'PolicyWithdrawn', PolicyCode>({
  noun: 'policy',
  declared: 'PolicyDeclared',
  withdrawn: 'PolicyWithdrawn',
  check,
});
