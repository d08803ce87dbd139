import { sameJson } from '../../../domain/kernel/json.ts';
import { permissions } from '../../../domain/policy/events.ts';
import { builtInRoles, isBuiltInRole } from '../../../domain/policy/permissions.ts';
import { roleDecider } from '../../../domain/policy/role/decider.ts';
import { fields, list, oneOf, someLabels } from '../fields.ts';
import { declaredRules, type KindRules } from '../rules.ts';

const declared = declaredRules({
  schema: fields({
    permissions: list(oneOf(permissions)).min(1, 'must name at least one permission'),
    scope: fields({ labels: someLabels }).optional(),
  }),
  decider: roleDecider,
  toSpec: ({ name, labels, spec }) => ({
    name,
    labels,
    permissions: permissions.filter((permission) => spec.permissions.includes(permission)),
    scope: spec.scope?.labels ?? null,
  }),
  show: (spec) => ({
    permissions: [...spec.permissions],
    scope: spec.scope === null ? undefined : { labels: spec.scope },
  }),
  fieldOf: {},
});

/** Built-in roles are shown like others; applying one as it is changes nothing. */
export const roleRules: KindRules = {
  ...declared,
  plan: (wish, standing, references) => {
    if (isBuiltInRole(wish.name) && Object.keys(wish.labels).length === 0) {
      const spec: unknown = { permissions: builtInRoles[wish.name] };
      if (sameJson(wish.spec, spec)) return { ok: true, spec, outcome: 'unchanged' };
    }
    return declared.plan(wish, standing, references);
  },
};
