import type { AuthenticationFailureReason, Mechanism } from '../../domain/authentication/events.ts';
import type { AuthenticationProgress } from '../ports/login-face.ts';

export type Failed = Extract<AuthenticationProgress, { status: 'failed' }>;

/** Said to everybody who did not meet every challenge, whoever they are (security rule A10). */
const wrongTexts: Readonly<Record<Mechanism['name'], string>> = {
  UP: 'the login failed: user name or password are wrong',
  IDP: 'the login failed: the identity provider did not say who you are; start again',
  OATH: 'the login failed: this code was not taken; start again with a new one',
  RC: 'the login failed: this code was not taken; start again with another one',
  WebAuthn: 'the login failed: this key was not taken; start again',
};

const atProvider = 'the login failed: at your identity provider';

/** Said only to somebody who met every challenge, or whom a provider named. */
const knownTexts: Partial<Readonly<Record<AuthenticationFailureReason, string>>> = {
  disabled: 'the login failed: this account is disabled; ask an administrator',
  'must-change': 'the login failed: this password must be changed first',
  'other-person': 'the login failed: the identity provider knows you as somebody else; start again as yourself',
  'linked-elsewhere': 'this identity is linked to another user; unlink it there first',
  'not-linked': 'the login failed: nobody here is linked to you; ask an administrator',
  'no-factor':
    'the login failed: a second factor is needed and none that fits is enrolled; ask an administrator for recovery codes',
  'no-policy': 'the login failed: it could not be found out which second factor is needed; try again',
  'identity-disabled': `${atProvider} this account is disabled; ask an administrator there`,
  'identity-expired': `${atProvider} this account or its password has expired; ask an administrator there`,
  'identity-locked': `${atProvider} this account is locked; wait, or ask an administrator there`,
  'identity-must-change': `${atProvider} the password must be changed; change it there, then log in again`,
  'identity-gone': `${atProvider} this account is no more; ask an administrator`,
};

export function wrongAnswer(name: Mechanism['name'] = 'UP'): Failed {
  return { status: 'failed', message: wrongTexts[name], mustChange: false };
}

export function failureOf(
  reason: AuthenticationFailureReason,
  name: Mechanism['name'] | undefined,
  notLinked: string | null,
): Failed {
  const known = reason === 'not-linked' && notLinked !== null ? `the login failed: ${notLinked}` : knownTexts[reason];
  if (known === undefined) return wrongAnswer(name);
  return { status: 'failed', message: known, mustChange: reason === 'must-change' };
}
