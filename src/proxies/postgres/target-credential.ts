import type { AuthorizedSession } from '../../application/admission/authorized-session.ts';
import type { Vault } from '../../application/ports/vault.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';

/** For TLS client authentication, both PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What the installation logs in with; at least one of the two. */
export interface TargetCredential {
  readonly password: string | null;
  readonly client: ClientCertificate | null;
}

/** Takes the credential out of custody. Errors: SallyportError, those of the vault among them. */
export async function targetCredential(
  { credential }: AuthorizedSession['account'],
  targetName: string,
  vault: Vault,
): Promise<TargetCredential> {
  if (credential.kind === 'ssh-key') {
    const message = `${targetName} is logged in to by password or client certificate: an administrator gives the account a Credential`;
    throw new SallyportError('denied', 'target-login-failed', message);
  }
  const secret = Buffer.from(await vault.open(credential.secretId));
  try {
    const text = secret.toString('utf8');
    return credential.kind === 'password' ? { password: text, client: null } : withKey(credential.certificate, text);
  } finally {
    secret.fill(0);
  }
}

function withKey(cert: string, sealed: string): TargetCredential {
  try {
    const { privateKey: key, password } = JSON.parse(sealed) as Readonly<Record<string, unknown>>;
    if (typeof key === 'string') {
      return { password: typeof password === 'string' ? password : null, client: { cert, key } };
    }
  } catch {
    // The parser's own message would quote the secret.
  }
  const message = 'the private key in custody is not stored as one: set the Credential again';
  throw new SallyportError('integrity', 'secret-damaged', message);
}
