import { dialect } from '../../../domain/policy/cel.ts';
import { policyDecider } from '../../../domain/policy/decider.ts';
import { fields, flag, names, someLabels, text } from '../fields.ts';
import { declaredRules, unlessEmpty } from '../rules.ts';

export const policyRules = declaredRules({
  schema: fields({
    assign: text,
    entitlements: names.optional(),
    labels: someLabels.optional(),
    disabled: flag.default(false),
  }),
  decider: policyDecider,
  toSpec: ({ name, labels, spec }, references) => {
    if (spec.entitlements !== undefined && spec.labels !== undefined) {
      return { path: ['spec', 'labels'], message: 'cannot stand beside entitlements; give one of the two' };
    }
    const entitlements = spec.entitlements ?? [];
    return {
      name,
      labels,
      assign: spec.assign,
      dialect,
      entitlementIds: [
        ...new Set(
          entitlements.map((each, index) => references.id('Entitlement', each, ['spec', 'entitlements', index])),
        ),
      ],
      entitlementLabels: spec.labels ?? null,
      disabled: spec.disabled,
    };
  },
  show: (spec, nameOf) => ({
    assign: spec.assign,
    entitlements: unlessEmpty(spec.entitlementIds.map(nameOf)),
    labels: spec.entitlementLabels ?? undefined,
    disabled: spec.disabled || undefined,
  }),
  fieldOf: {
    'invalid-assign': ['spec', 'assign'],
    'unknown-dialect': ['spec', 'assign'],
    'gives-nothing': ['spec'],
  },
});
