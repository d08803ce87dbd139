import { isCertificatePem } from '../kernel/certificate-pem.ts';
import { declaredDecider, refuse } from '../kernel/declared.ts';
import type { Rejection } from '../kernel/decider.ts';
import { titleProblem } from '../kernel/names.ts';
import type { CredentialSpec } from './events.ts';

export type CredentialCode = 'invalid-name' | 'no-secret' | 'invalid-certificate';

function check(spec: CredentialSpec): Rejection<CredentialCode> | null {
  const problem = titleProblem(spec.name);
  if (problem !== null) return refuse('invalid-name', `credential: ${problem}`);
  if (spec.secretId === '')
    return refuse('no-secret', `credential "${spec.name}": seal its password or private key first`);
  if (spec.certificate !== undefined && !isCertificatePem(spec.certificate)) {
    return refuse(
      'invalid-certificate',
      `credential "${spec.name}": certificate takes certificates as PEM and nothing else`,
    );
  }
  return null;
}

export const credentialDecider = declaredDecider<
  CredentialSpec,
  'CredentialDeclared',
  'CredentialWithdrawn',
  CredentialCode
>({
  noun: 'credential',
  declared: 'CredentialDeclared',
  withdrawn: 'CredentialWithdrawn',
  check,
});
