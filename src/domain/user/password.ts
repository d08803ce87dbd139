import type { Decision } from '../kernel/decider.ts';
import { accept, reject } from '../kernel/decider.ts';
import { sameJson } from '../kernel/json.ts';
import { hasReached, plusMilliseconds, spokenDuration } from '../kernel/time.ts';
import type { ChangePassword, OfferPasswordReset, PasswordCommand, ResetPassword, SetPassword } from './commands.ts';
import type { UserEvent } from './events.ts';
import type { UserFacts, UserState } from './state.ts';

export type PasswordCode =
  | 'disabled'
  | 'not-due'
  | 'not-proven'
  | 'same-password'
  | 'invalid-ttl'
  | 'link-void'
  | 'no-local-password';
type PasswordDecision = Decision<UserEvent, PasswordCode>;
type Standing = Extract<UserState, UserFacts>;

/** The longest a link to set a password counts. */
export const longestResetMilliseconds = 3_600_000;

function set({ secretId, mustChange, keptLogin }: SetPassword, user: Standing): PasswordDecision {
  if (sameJson({ secretId, mustChange }, user.password)) return accept();
  return accept({ type: 'UserPasswordSet', data: { secretId, mustChange, by: 'administrator', keptLogin } });
}

function change(command: ChangePassword, user: Standing): PasswordDecision {
  const { secretId, sameAsBefore } = command;
  if (user.status === 'disabled') return reject('disabled', 'this account is disabled; ask an administrator');
  if (user.password?.mustChange !== true) return reject('not-due', 'this password need not be changed; log in with it');
  if (!isProven(command, user.password.secretId)) {
    return reject('not-proven', 'log in with the password that must be changed, then change it within 5 minutes');
  }
  if (sameAsBefore) return reject('same-password', 'the new password is the old one; choose another');
  return accept({ type: 'UserPasswordSet', data: { secretId, mustChange: false, by: 'owner', keptLogin: null } });
}

/** The attempt failed for this reason alone, and knew the password that stands now, not one before it. */
function isProven({ proof, userId, at }: ChangePassword, standing: string): boolean {
  if (proof?.reason !== 'must-change' || proof.userId !== userId || proof.passwordId !== standing) return false;
  return proof.until !== null && !hasReached(at, proof.until);
}

function offer({ resetId, hasIdentity, ttlMilliseconds, at }: OfferPasswordReset, user: Standing): PasswordDecision {
  if (user.status === 'disabled') return reject('disabled', 'this account is disabled; enable it first');
  if (user.reset?.resetId === resetId) return accept();
  // A password of our own would outlive the account at the provider.
  if (hasIdentity && user.password === null) {
    return reject(
      'no-local-password',
      'this person logs in by an identity provider and has no password here; it is set anew at the provider',
    );
  }
  if (!Number.isSafeInteger(ttlMilliseconds) || ttlMilliseconds <= 0 || ttlMilliseconds > longestResetMilliseconds) {
    const given = spokenDuration(ttlMilliseconds);
    return reject('invalid-ttl', `a link to set a password counts longer than zero and 1 hour at most, not ${given}`);
  }
  const expiresAt = plusMilliseconds(at, ttlMilliseconds);
  return accept({ type: 'PasswordResetOffered', data: { resetId, expiresAt } });
}

/** One text for every no: who has no right link learns nothing of the account. Disabling voids the link. */
function reset({ resetId, verified, secretId, at }: ResetPassword, { reset: open }: Standing): PasswordDecision {
  if (!verified || open?.resetId !== resetId || hasReached(at, open.expiresAt)) {
    return reject('link-void', 'this link sets no password any more; ask an administrator for a new one');
  }
  return accept({ type: 'UserPasswordSet', data: { secretId, mustChange: false, by: 'reset-link', keptLogin: null } });
}

/** What happens to the password of a person who stands. */
export function alterPassword(command: PasswordCommand, user: Standing): PasswordDecision {
  switch (command.type) {
    case 'set-password':
      return set(command, user);
    case 'change-password':
      return change(command, user);
    case 'offer-password-reset':
      return offer(command, user);
    case 'reset-password':
      return reset(command, user);
  }
}
