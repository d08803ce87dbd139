import { credentialDecider } from '../../../domain/credential/decider.ts';
import type { CredentialSpec } from '../../../domain/credential/events.ts';
import { certificatesField } from '../certificates.ts';
import { sameKey, storedCertificate } from '../credential-secret.ts';
import { fields, privateKeyText, text } from '../fields.ts';
import { declaredRules, type FieldProblem } from '../rules.ts';

/** What stands against keeping the secret in custody with this certificate, or without one. */
function keptProblem(previous: CredentialSpec | null, certificate: string | undefined): FieldProblem | null {
  const spec = (message: string): FieldProblem => ({ path: ['spec'], message });
  if (previous === null) {
    return spec('password, or certificate and privateKey, is missing: a new Credential needs one of them');
  }
  if (previous.certificate === certificate) return null;
  if (certificate === undefined) {
    return spec(
      'certificate is missing: its private key is in custody. To do without it, set a password (--set-secrets)',
    );
  }
  const path = ['spec', 'certificate'];
  if (previous.certificate === undefined)
    return { path, message: 'needs its privateKey in custody: set it (--set-secrets)' };
  if (sameKey(previous.certificate, certificate)) return null;
  return {
    path,
    message: 'belongs to another private key than the one in custody: set privateKey too (--set-secrets)',
  };
}

export const credentialRules = declaredRules({
  schema: fields(
    { password: text.optional(), certificate: certificatesField.optional(), privateKey: privateKeyText.optional() },
    ['generate'],
  ),
  decider: credentialDecider,
  toSpec: ({ name, labels, spec, secret }, _references, previous) => {
    const certificate = storedCertificate(spec.certificate);
    const problem = secret === null ? keptProblem(previous, certificate) : null;
    if (problem !== null) return problem;
    const secretId = secret?.secretId ?? previous?.secretId ?? '';
    return { name, labels, secretId, ...(certificate === undefined ? {} : { certificate }) };
  },
  show: ({ certificate }) => ({ certificate }),
  fieldOf: { 'invalid-certificate': ['spec', 'certificate'] },
  secretOf: (spec) => spec.secretId,
});
