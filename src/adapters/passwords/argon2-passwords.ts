import { hash as argon2Hash, verify as argon2Verify, type Options } from '@node-rs/argon2';
import type { Passwords } from '../../application/ports/passwords.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { turnstile } from './turnstile.ts';

/** argon2id (the library's own choice of variant) as OWASP's first configuration: 19 MiB, two passes, one lane. */
const cost: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
const longest = 1024;
/** The hash of 32 random bytes that nobody kept: what is checked when there is no hash. */
const dummy = '$argon2id$v=19$m=19456,t=2,p=1$FrCPmBB/Gx/e9a2dfoSMPw$o5bO9Ex41LbiuQdqsYzh5ONifmQMi57AzbjsE6DE5BQ';

/**
 * Passwords by argon2id, in Unicode form NFKC (NIST SP 800-63B, 3.1.1.2), so that keyboards that compose letters
 * differently give one password. `atOnce` hashes run together (each takes 19 MiB and a thread of the pool that files are
 * read with), `waiting` more wait. Errors: kind `limit`, code `too-many-password-checks`; `hash`: kind `invalid`,
 * code `password-empty` or `password-too-long`; `verify`: kind `integrity`, code `password-hash-damaged`.
 */
export function argon2Passwords(atOnce = 2, waiting = 200): Passwords {
  const inTurn = turnstile(atOnce, waiting);

  const check = async (hash: string, password: string): Promise<boolean> => {
    try {
      return await argon2Verify(hash, password);
    } catch (cause) {
      throw new SallyportError(
        'integrity',
        'password-hash-damaged',
        'a stored password hash is not argon2id in PHC form; set a new password',
        { cause },
      );
    }
  };
  return {
    async hash(password) {
      if (password === '') throw new SallyportError('invalid', 'password-empty', 'a password must not be empty');
      if (password.length > longest) {
        throw new SallyportError('invalid', 'password-too-long', `a password has at most ${longest} characters`);
      }
      return inTurn(async () => argon2Hash(password.normalize('NFKC'), cost));
    },
    async verify(hash, password) {
      const possible = hash !== null && password !== '' && password.length <= longest;
      return inTurn(async () => {
        if (possible) return check(hash, password.normalize('NFKC'));
        await check(dummy, password.slice(0, longest).normalize('NFKC'));
        return false;
      });
    },
  };
}
