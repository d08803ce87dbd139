import { credentialDecider } from '../../../domain/credential/decider.ts';
import { fields, text } from '../fields.ts';
import { declaredRules } from '../rules.ts';

export const credentialRules = declaredRules({
  schema: fields({ password: text.optional() }, ['generate']),
  decider: credentialDecider,
  toSpec: ({ name, labels, secret }, _references, previous) => {
    const secretId = secret?.secretId ?? previous?.secretId;
    if (secretId === undefined) return { path: ['spec'], message: 'password is missing: a new Credential needs one' };
    return { name, labels, secretId };
  },
  show: () => ({}),
  fieldOf: {},
  secretOf: (spec) => spec.secretId,
});
