import { sshKeyDecider } from '../../../domain/credential/ssh-key/decider.ts';
import { keyAlgorithms } from '../../ports/key-pairs.ts';
import { fields, line, names, oneOf, privateKeyText } from '../fields.ts';
import { hostKeyLine } from '../host-keys.ts';
import { declaredRules, unlessEmpty } from '../rules.ts';
import { z } from 'zod';

export const sshKeyRules = declaredRules({
  schema: fields({
    username: line,
    privateKey: privateKeyText.optional(),
    passphrase: z
      .string({ error: 'must be a text; put it in quotes' })
      .min(1, 'must not be empty')
      .max(1_024)
      .optional(),
    generate: oneOf(keyAlgorithms).optional(),
    publicKey: line.max(16_384).optional(),
    owner: line.max(255, 'is longer than 255 characters').optional(),
    status: oneOf(['active', 'inactive']).default('active'),
    mainTarget: line.optional(),
    targets: names.default([]),
  }),
  decider: sshKeyDecider,
  toSpec: ({ name, labels, spec, secret }, references, previous) => {
    const secretId = secret?.secretId ?? previous?.secretId;
    const publicKey = secret?.publicKey ?? previous?.publicKey;
    if (secretId === undefined || publicKey === undefined) {
      return { path: ['spec'], message: 'privateKey or generate is missing: a new SshKey needs one of them' };
    }
    if (spec.publicKey !== undefined && hostKeyLine(spec.publicKey) !== publicKey) {
      return {
        path: ['spec', 'publicKey'],
        message: 'does not belong to the private key; leave it out, it is derived',
      };
    }
    return {
      name,
      labels,
      username: spec.username,
      publicKey,
      secretId,
      owner: spec.owner ?? null,
      status: spec.status,
      mainTargetId:
        spec.mainTarget === undefined ? null : references.id('Target', spec.mainTarget, ['spec', 'mainTarget']),
      targetIds: [
        ...new Set(spec.targets.map((target, index) => references.id('Target', target, ['spec', 'targets', index]))),
      ],
    };
  },
  show: (spec, nameOf) => ({
    username: spec.username,
    publicKey: spec.publicKey,
    owner: spec.owner ?? undefined,
    status: spec.status,
    mainTarget: spec.mainTargetId === null ? undefined : nameOf(spec.mainTargetId),
    targets: unlessEmpty(spec.targetIds.map(nameOf)),
  }),
  fieldOf: { 'invalid-username': ['spec', 'username'], 'invalid-public-key': ['spec', 'publicKey'] },
  secretOf: (spec) => spec.secretId,
});
