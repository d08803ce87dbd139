import { groupDecider } from '../../../domain/user/group/decider.ts';
import { fields, names } from '../fields.ts';
import { declaredRules } from '../rules.ts';

export const groupRules = declaredRules({
  schema: fields({ members: names.default([]) }),
  decider: groupDecider,
  toSpec: ({ name, labels, spec }, references) => ({
    name,
    labels,
    members: [
      ...new Set(spec.members.map((member, index) => references.id('User', member, ['spec', 'members', index]))),
    ],
  }),
  show: (spec, nameOf) => ({ members: spec.members.map(nameOf) }),
  fieldOf: {},
});
