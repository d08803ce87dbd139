import { declaredDecider, refuse } from '../../kernel/declared.ts';
import type { Rejection } from '../../kernel/decider.ts';
import { titleProblem } from '../../kernel/names.ts';
import type { EntitlementSpec } from '../events.ts';

export type EntitlementCode = 'invalid-name' | 'no-targets' | 'invalid-max-session' | 'invalid-idle';

/** Whole milliseconds above zero; null stands for no limit. */
function isLimit(milliseconds: number | null): boolean {
  return milliseconds === null || (Number.isSafeInteger(milliseconds) && milliseconds > 0);
}

/** Fewer than the session rights are fine: the entitlement then opens no session. */
function check(spec: EntitlementSpec): Rejection<EntitlementCode> | null {
  const problem = titleProblem(spec.name);
  if (problem !== null) return refuse('invalid-name', `entitlement: ${problem}`);
  if (spec.access.targets.length === 0 && Object.keys(spec.access.labels ?? {}).length === 0) {
    return refuse('no-targets', `entitlement "${spec.name}": name targets, or labels that targets carry, in access`);
  }
  if (!isLimit(spec.maxSessionMilliseconds)) {
    return refuse('invalid-max-session', `entitlement "${spec.name}": maxSession must be longer than zero`);
  }
  if (!isLimit(spec.idleMilliseconds)) {
    return refuse('invalid-idle', `entitlement "${spec.name}": idle must be longer than zero`);
  }
  return null;
}

export const entitlementDecider = declaredDecider<
  EntitlementSpec,
  'EntitlementDeclared',
  'EntitlementWithdrawn',
  EntitlementCode
>({
  noun: 'entitlement',
  declared: 'EntitlementDeclared',
  withdrawn: 'EntitlementWithdrawn',
  check,
});
