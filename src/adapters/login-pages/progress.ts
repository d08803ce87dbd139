import type { AuthenticationProgress, ShownChallenge } from '../../application/ports/login-face.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { loginCookie } from '../../wire/login-cookie.ts';
import { onward, seeOther } from './answers.ts';
import type { PageDeps } from './deps.ts';
import { addressOf } from './destination.ts';
import { attemptFailed } from './failed.ts';
import { clearedPending, type PendingAttempt, type PendingMechanism, pendingCookie } from './pending-cookie.ts';

/** How the answer came: by a form of ours, or from a provider's page. */
export type CameFrom = 'own-form' | 'provider';

export function mechanismsOf(challenges: readonly ShownChallenge[]): readonly PendingMechanism[] {
  return challenges[0]?.mechanisms.map(({ id, name }) => ({ id, name })) ?? [];
}

/** The cookie that takes an attempt to the next page. Error: kind `internal` when it is too long for one. */
export function keep({ sealing }: PageDeps, attempt: PendingAttempt): string {
  const cookie = pendingCookie(sealing, attempt);
  if (cookie !== null) return cookie;
  throw new SallyportError('internal', 'pending-too-long', 'What a login has to keep does not fit into a cookie.');
}

/**
 * What follows from an answer to a challenge. A login is always a new secret in a new cookie, whatever the browser had
 * before (A7).
 */
export function follow(
  deps: PageDeps,
  attempt: PendingAttempt,
  progress: AuthenticationProgress,
  from: CameFrom,
  userName = '',
): Promise<Response> | Response {
  switch (progress.status) {
    case 'next': {
      const mechanisms = mechanismsOf(progress.challenges);
      return seeOther('/auth/step', [keep(deps, { ...attempt, mechanisms, begun: null })]);
    }
    case 'failed':
      return progress.mustChange ? mustChange(deps, attempt) : attemptFailed(deps, attempt, progress.message, userName);
    case 'success': {
      const cookies = [loginCookie(progress.login.secret), clearedPending];
      return onwardTo(addressOf(attempt.destination), 'You are logged in', cookies, from);
    }
    case 'shown':
      if (progress.purpose === 'fresh-factor') return shownFactor(deps, attempt);
      return onwardTo(`/auth/account?done=${progress.purpose}`, 'Done', [clearedPending], from);
  }
}

/** Back to what asked for it: a page with the form once more, since nothing is changed by an address alone. */
function shownFactor({ sealing }: PageDeps, { authenticationId, change }: PendingAttempt): Response {
  if (change === undefined) return seeOther('/auth/account', [clearedPending]);
  const cookie = pendingCookie(sealing, { kind: 'shown', authenticationId, change });
  return seeOther('/auth/account/factor', cookie === null ? [clearedPending] : [cookie]);
}

function onwardTo(path: string, heading: string, cookies: readonly string[], from: CameFrom): Response {
  return from === 'provider' ? onward(path, heading, cookies) : seeOther(path as `/${string}`, cookies);
}

function mustChange({ sealing }: PageDeps, { authenticationId, destination }: PendingAttempt): Response {
  const cookie = pendingCookie(sealing, { kind: 'new-password', authenticationId, destination });
  return seeOther('/auth/new-password', cookie === null ? [] : [cookie]);
}
