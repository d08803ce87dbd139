import { isStreamIdOf, type PassId } from '../../domain/kernel/ids.ts';
import type { IdentityEndReason, RevocationReason } from '../../domain/kernel/pass.ts';
import type { LoginClosed } from '../../domain/login/events.ts';
import type { SessionEndReason } from '../../domain/session/events.ts';

const messages: Readonly<Record<SessionEndReason, string>> = {
  'closed-by-client': 'the session was closed',
  'client-lost': 'your client did not answer any more',
  'closed-by-target': 'the target closed the session',
  'target-lost': 'the connection to the target broke',
  'target-unreachable': 'the target cannot be reached; try again later or ask an administrator',
  'target-login-failed':
    'the target did not accept the login kept for it; ask an administrator to check the credential',
  'target-certificate-refused': 'the target shows a certificate that is not trusted; ask an administrator to check it',
  'target-host-key-refused':
    'the identity of the target could not be confirmed; ask an administrator to check its host key',
  'token-revoked': 'the temporary token of this session was revoked',
  'key-revoked': 'the public key of this session was revoked as a pass',
  'login-closed': 'the login of this session has ended; log in again',
  'pass-expired': 'the temporary token, key or login of this session has expired; make a new one, or log in again',
  'user-disabled': 'your account was disabled',
  'identity-left': 'you are no longer active at your identity provider',
  'identity-unlinked': 'the identity you logged in with was unlinked from your account',
  'provider-logout': 'you were logged out at your identity provider',
  'entitlement-lost': 'you are no longer entitled to this session',
  'target-withdrawn': 'the target is no longer available',
  administrator: 'an administrator ended the session',
  owner: 'you ended this session from elsewhere',
  'max-session': 'the session reached its longest duration',
  idle: 'the session was idle for too long',
  'recording-failed': 'the session cannot be recorded any more, so it was ended',
  'log-unavailable': 'the event log cannot be written, so the session was ended',
  shutdown: 'this proxy is shutting down; connect again',
  'node-lost': 'the proxy of this session was lost',
  error: 'the session ended by an error; connect again or ask an administrator',
};

const identityEnds: ReadonlySet<string> = new Set<IdentityEndReason>([
  'identity-left',
  'identity-unlinked',
  'provider-logout',
]);

/** Why the sessions of a pass end that was revoked or closed; `reason`: why that was, null: whyever. */
export function revokedReason(
  passId: PassId,
  reason: RevocationReason | LoginClosed['data']['reason'] | null,
): SessionEndReason {
  if (reason !== null && identityEnds.has(reason)) return reason as IdentityEndReason;
  if (isStreamIdOf('login', passId)) {
    return reason === 'user-disabled' || reason === 'user-removed' ? 'user-disabled' : 'login-closed';
  }
  return isStreamIdOf('key', passId) ? 'key-revoked' : 'token-revoked';
}

/** What a person is told when a session ends for a reason outside their client. */
export function endMessage(reason: SessionEndReason): string {
  return messages[reason];
}
