import { declaredDecider, refuse } from '../../kernel/declared.ts';
import type { Rejection } from '../../kernel/decider.ts';
import { nameProblem, titleProblem } from '../../kernel/names.ts';
import { isSshPublicKeyLine } from '../../kernel/ssh-public-key.ts';
import type { SshKeySpec } from '../events.ts';

export type SshKeyCode = 'invalid-name' | 'invalid-username' | 'invalid-public-key' | 'no-secret';

function check(spec: SshKeySpec): Rejection<SshKeyCode> | null {
  const problem = titleProblem(spec.name);
  if (problem !== null) return refuse('invalid-name', `SSH key: ${problem}`);
  const usernameProblem = nameProblem(spec.username);
  if (usernameProblem !== null) {
    return refuse('invalid-username', `SSH key "${spec.name}": username: ${usernameProblem}`);
  }
  if (!isSshPublicKeyLine(spec.publicKey)) {
    return refuse(
      'invalid-public-key',
      `SSH key "${spec.name}": publicKey must be one line without comment, as "ssh-ed25519 AAAA…"`,
    );
  }
  if (spec.secretId === '') return refuse('no-secret', `SSH key "${spec.name}": seal its private key first`);
  return null;
}

export const sshKeyDecider = declaredDecider<SshKeySpec, 'SshKeyDeclared', 'SshKeyWithdrawn', SshKeyCode>({
  noun: 'SSH key',
  declared: 'SshKeyDeclared',
  withdrawn: 'SshKeyWithdrawn',
  check,
});
