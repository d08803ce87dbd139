import type { AnyAuthMethod } from 'ssh2';
import type { AuthorizedSession } from '../../application/admission/authorized-session.ts';
import type { Vault } from '../../application/ports/vault.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { answerTarget, type TargetAsker } from './target-questions.ts';

/** Logs in once with the credential in custody; what the target asks beyond it goes to the person. */
export interface TargetLogin {
  /** The next attempt, or false when there is none; `methodsLeft` is null at first. `partial`: so far it went well. */
  next(methodsLeft: readonly string[] | null, partial: boolean): AnyAuthMethod | false;
  /** Drops the secret. */
  forget(): void;
}

type Asker = Omit<TargetAsker, 'password'>;

/** Takes the credential out of custody. Errors of the vault pass through. */
export async function targetLogin(
  account: AuthorizedSession['account'],
  vault: Vault,
  asker: Asker,
): Promise<TargetLogin> {
  if (account.credential.kind === 'certificate') {
    const message = `SSH targets take no client certificate: an administrator gives the account a Credential without one, or an SshKey`;
    throw new SallyportError('denied', 'target-login-failed', message);
  }
  const secret = Buffer.from(await vault.open(account.credential.secretId));
  try {
    const { username } = account;
    const prompted = (password: string | null): AnyAuthMethod => ({
      type: 'keyboard-interactive',
      username,
      prompt: answerTarget({ ...asker, password }),
    });
    if (account.credential.kind === 'password') {
      const password = secret.toString('utf8');
      return loginWith([{ type: 'password', username, password }, prompted(password)], false);
    }
    const { privateKey, passphrase } = keyOf(secret);
    const key = {
      type: 'publickey',
      username,
      key: privateKey,
      ...(passphrase === null ? {} : { passphrase }),
    } as const;
    return loginWith([key, prompted(null)], true);
  } finally {
    secret.fill(0);
  }
}

/** `inSequence`: the second attempt is the second factor of the first, not another way. */
function loginWith(attempts: AnyAuthMethod[], inSequence: boolean): TargetLogin {
  return {
    next: (methodsLeft, partial) => {
      const next = attempts.shift();
      if (next === undefined || (inSequence && methodsLeft !== null && !partial)) return false;
      return methodsLeft === null || methodsLeft.includes(next.type) ? next : false;
    },
    forget: () => attempts.splice(0),
  };
}

function keyOf(secret: Buffer): { readonly privateKey: string; readonly passphrase: string | null } {
  try {
    const { privateKey, passphrase } = JSON.parse(secret.toString('utf8')) as Record<string, unknown>;
    if (typeof privateKey === 'string') {
      return { privateKey, passphrase: typeof passphrase === 'string' && passphrase !== '' ? passphrase : null };
    }
  } catch {
    // The parser's own message would quote the secret.
  }
  throw new SallyportError(
    'integrity',
    'secret-damaged',
    'the SSH key in custody is not stored as a key: set it again',
  );
}
