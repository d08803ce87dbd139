import { dialect } from '../../../domain/policy/cel.ts';
import { factorTypes } from '../../../domain/policy/events.ts';
import { factorProviderDecider } from '../../../domain/policy/factor-provider/decider.ts';
import { fields, flag, oneOf, text } from '../fields.ts';
import { declaredRules } from '../rules.ts';

export const factorProviderRules = declaredRules({
  schema: fields({
    type: oneOf(factorTypes, ['radius']),
    atLogin: text.optional(),
    atToken: text.optional(),
    disabled: flag.default(false),
  }),
  decider: factorProviderDecider,
  toSpec: ({ name, labels, spec }) => ({
    name,
    labels,
    type: spec.type,
    atLogin: spec.atLogin ?? null,
    atToken: spec.atToken ?? null,
    dialect,
    disabled: spec.disabled,
  }),
  show: ({ type, atLogin, atToken, disabled }) => ({
    type,
    atLogin: atLogin ?? undefined,
    atToken: atToken ?? undefined,
    disabled: disabled || undefined,
  }),
  fieldOf: {
    'invalid-at-login': ['spec', 'atLogin'],
    'invalid-at-token': ['spec', 'atToken'],
    'unknown-dialect': ['spec'],
  },
});
