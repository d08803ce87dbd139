import type { AccountCredential } from '../../../domain/target/events.ts';
import { accountDecider } from '../../../domain/target/account/decider.ts';
import { fields, line } from '../fields.ts';
import { declaredRules, type FieldProblem, type References } from '../rules.ts';

interface CredentialWish {
  readonly password?: string | undefined;
  readonly sshKey?: string | undefined;
}

export const accountRules = declaredRules({
  schema: fields(
    {
      target: line,
      username: line,
      credential: fields({ password: line.optional(), sshKey: line.optional() }),
    },
    ['directory', 'targets', 'rotation'],
  ),
  decider: accountDecider,
  toSpec: ({ name, labels, spec }, references) => {
    const credential = credentialOf(spec.credential, references);
    if ('path' in credential) return credential;
    const targetId = references.id('Target', spec.target, ['spec', 'target']);
    return { name, labels, targetId, username: spec.username, credential };
  },
  show: (spec, nameOf) => ({
    target: nameOf(spec.targetId),
    username: spec.username,
    credential:
      spec.credential.kind === 'password'
        ? { password: nameOf(spec.credential.credentialId) }
        : { sshKey: nameOf(spec.credential.sshKeyId) },
  }),
  fieldOf: { 'invalid-username': ['spec', 'username'], 'target-fixed': ['spec', 'target'] },
});

function credentialOf(wish: CredentialWish, references: References): AccountCredential | FieldProblem {
  const { password, sshKey } = wish;
  if (password !== undefined && sshKey === undefined) {
    return {
      kind: 'password',
      credentialId: references.id('Credential', password, ['spec', 'credential', 'password']),
    };
  }
  if (sshKey !== undefined && password === undefined) {
    return { kind: 'ssh-key', sshKeyId: references.id('SshKey', sshKey, ['spec', 'credential', 'sshKey']) };
  }
  return {
    path: ['spec', 'credential'],
    message: 'must name either password (a Credential) or sshKey (an SshKey)',
  };
}
