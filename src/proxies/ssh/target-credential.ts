import type { AnyAuthMethod } from 'ssh2';
import type { AuthorizedSession } from '../../application/admission/authorized-session.ts';
import type { Vault } from '../../application/ports/vault.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';

/** Logs in once with the credential in custody; every further question of the target is answered with a no. */
export interface TargetLogin {
  /** The next attempt, or false when there is none; `methodsLeft` is null at first. */
  next(methodsLeft: readonly string[] | null): AnyAuthMethod | false;
  /** Drops the secret. */
  forget(): void;
}

/** Takes the credential out of custody. Errors of the vault pass through. */
export async function targetLogin(account: AuthorizedSession['account'], vault: Vault): Promise<TargetLogin> {
  const secret = Buffer.from(await vault.open(account.credential.secretId));
  try {
    const { username } = account;
    if (account.credential.kind === 'password') return passwordLogin(username, secret.toString('utf8'));
    const { privateKey, passphrase } = keyOf(secret);
    return loginWith([
      { type: 'publickey', username, key: privateKey, ...(passphrase === null ? {} : { passphrase }) },
    ]);
  } finally {
    secret.fill(0);
  }
}

function passwordLogin(username: string, password: string): TargetLogin {
  const prompted: AnyAuthMethod = {
    type: 'keyboard-interactive',
    username,
    // Only the one question after the password is answered with it; anything else gets no secret.
    prompt: (_name, _instructions, _lang, prompts, finish) => {
      const [only] = prompts;
      const asksPassword = prompts.length === 1 && only?.echo !== true && /password/i.test(only?.prompt ?? '');
      finish(asksPassword ? [password] : prompts.map(() => ''));
    },
  };
  return loginWith([{ type: 'password', username, password }, prompted]);
}

function loginWith(attempts: AnyAuthMethod[]): TargetLogin {
  return {
    next: (methodsLeft) => {
      const next = attempts.shift();
      if (next === undefined) return false;
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
