import type { Protocol } from '../kernel/door.ts';
import type { EntitlementId } from '../kernel/ids.ts';
import type { EntitlementSpec, PolicySpec } from './events.ts';

type Labels = Readonly<Record<string, string>>;

/** True when `labels` hold everything that is wanted; wanting nothing matches nothing. */
function carries(labels: Labels, wanted: Labels | null): boolean {
  const pairs = Object.entries(wanted ?? {});
  return pairs.length > 0 && pairs.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}

/** What of a target access depends on. */
export interface AccessTarget {
  readonly name: string;
  readonly labels: Labels;
  readonly protocol: Protocol;
  readonly disabled: boolean;
}

/** True when the entitlement speaks of the target, by name or by labels, in its protocol. A disabled one never does. */
export function coversTarget(entitlement: EntitlementSpec, target: AccessTarget): boolean {
  const { targets, labels, protocols } = entitlement.access;
  if (entitlement.disabled) return false;
  if (protocols.length > 0 && !protocols.includes(target.protocol)) return false;
  return targets.includes(target.name) || carries(target.labels, labels);
}

/** True when the entitlement speaks of the account; naming none means any. */
export function coversAccount(entitlement: EntitlementSpec, username: string): boolean {
  return entitlement.access.accounts.length === 0 || entitlement.access.accounts.includes(username);
}

/** True when the policy gives the entitlement, by id or by labels, to those it assigns. A disabled one never does. */
export function gives(policy: PolicySpec, id: EntitlementId, entitlement: EntitlementSpec): boolean {
  if (policy.disabled) return false;
  return policy.entitlementIds.includes(id) || carries(entitlement.labels, policy.entitlementLabels);
}
