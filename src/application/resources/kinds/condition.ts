import { dialect } from '../../../domain/policy/cel.ts';
import { conditionDecider } from '../../../domain/policy/condition/decider.ts';
import { fields, text } from '../fields.ts';
import { declaredRules } from '../rules.ts';

export const conditionRules = declaredRules({
  schema: fields({ expression: text }, ['repeat', 'remedy']),
  decider: conditionDecider,
  toSpec: ({ name, labels, spec }) => ({ name, labels, expression: spec.expression, dialect }),
  show: (spec) => ({ expression: spec.expression }),
  fieldOf: { 'invalid-expression': ['spec', 'expression'], 'unknown-dialect': ['spec', 'expression'] },
});
