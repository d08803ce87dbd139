const texts: Readonly<Record<string, string>> = {
  'closed-by-client': 'You closed it',
  'client-lost': 'Your connection was lost',
  'closed-by-target': 'The target closed it',
  'target-lost': 'The connection to the target was lost',
  'target-unreachable': 'The target was not reached',
  'target-login-failed': 'The target refused its account',
  'target-host-key-refused': 'The target showed another host key',
  'target-certificate-refused': 'The target showed another certificate',
  'token-revoked': 'Its token was revoked',
  'key-revoked': 'Its key was revoked',
  'login-closed': 'Its login ended',
  'pass-expired': 'Its token, key or login came to its end',
  'user-disabled': 'You were locked out',
  'entitlement-lost': 'The entitlement was taken away',
  'target-withdrawn': 'The target was withdrawn',
  administrator: 'An administrator ended it',
  owner: 'You ended it',
  'max-session': 'It reached the longest time a session may take',
  idle: 'Nothing was typed for too long',
  'recording-failed': 'It could not be recorded any more',
  'log-unavailable': 'The log could not be written',
  shutdown: 'The gateway was stopped',
  'node-lost': 'The gateway was lost',
  error: 'A fault of the gateway',
};

/** Why a session ended, for the person whose it was; any other reason reads as it is. */
export function endText(reason: string): string {
  return texts[reason] ?? reason.replaceAll('-', ' ');
}
