/** Why a session ended, for people; an unknown reason stands for itself. */
export function endText(reason: string): string {
  return endTexts[reason] ?? reason;
}

/** Every reason there is, for a filter. */
export const endTexts: Readonly<Record<string, string>> = {
  'closed-by-client': 'Closed by the client',
  'client-lost': 'Connection to the client lost',
  'closed-by-target': 'Closed by the target',
  'target-lost': 'Connection to the target lost',
  'target-unreachable': 'Target not reached',
  'target-login-failed': 'Login at the target failed',
  'target-host-key-refused': 'Host key of the target refused',
  'target-certificate-refused': 'Certificate of the target refused',
  'token-revoked': 'Token revoked',
  'key-revoked': 'Key revoked',
  'login-closed': 'Login closed',
  'pass-expired': 'Pass expired',
  'user-disabled': 'User disabled',
  'entitlement-lost': 'Entitlement lost',
  'target-withdrawn': 'Target withdrawn',
  administrator: 'Ended by an administrator',
  owner: 'Ended by the person',
  'max-session': 'Longest time reached',
  idle: 'Idle for too long',
  'recording-failed': 'Recording failed',
  'log-unavailable': 'Log not available',
  'identity-left': 'Left the identity provider',
  'identity-unlinked': 'Identity unlinked',
  'provider-logout': 'Logged out at the provider',
  shutdown: 'Server stopped',
  'node-lost': 'Server lost',
  error: 'A fault of the server',
};

/** `3 h 05 min`, `4 min 20 s`, `12 s`. */
export function durationText(from: string, to: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1_000));
  const pad = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  if (hours > 0) return `${String(hours)} h ${pad(minutes)} min`;
  return minutes > 0 ? `${String(minutes)} min ${pad(seconds % 60)} s` : `${String(seconds)} s`;
}

/** Bytes in the largest unit of 1024 that leaves a whole number before the point. */
export function bytesText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1_024 && unit < units.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${unit === 0 ? String(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
}
