import { dialect } from '../../../domain/policy/cel.ts';
import { conditionDecider } from '../../../domain/policy/condition/decider.ts';
import { remedyKinds } from '../../../domain/policy/events.ts';
import { fields, line, oneOf, text } from '../fields.ts';
import { declaredRules } from '../rules.ts';

/** Of the contract; what they need comes with the factors. */
const laterKinds = ['otp', 'password', 'authenticate'];

/** One line on a terminal, with what stands around it. */
const longestText = 200;

const remedy = fields(
  { kind: oneOf(remedyKinds, laterKinds), text: line.max(longestText, `is longer than ${longestText} characters`) },
  ['provider'],
);

export const conditionRules = declaredRules({
  schema: fields({ expression: text, remedy: remedy.optional() }, ['repeat']),
  decider: conditionDecider,
  toSpec: ({ name, labels, spec }) => ({
    name,
    labels,
    expression: spec.expression,
    dialect,
    remedy: spec.remedy ?? null,
  }),
  show: ({ expression, remedy }) => ({ expression, remedy: remedy === null ? undefined : { ...remedy } }),
  fieldOf: {
    'invalid-expression': ['spec', 'expression'],
    'unknown-dialect': ['spec', 'expression'],
    'reason-not-read': ['spec', 'remedy', 'kind'],
  },
});
