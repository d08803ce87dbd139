/** Texts for the person, the same in every protocol; each proxy says them in its protocol's own words. */

/** One text for every refused token or key, so that nobody learns why (security rule A10). */
export function tokenRefused(portalUrl: string): string {
  return `Access denied: this token or key does not open anything here. Make a new one at ${portalUrl}`;
}

/** How many were tried is no secret. */
export function tooManyAttempts(portalUrl: string): string {
  return `Too many failed attempts. Make a new token at ${portalUrl} and connect again.`;
}

export const notInTime = 'Not logged in within the time allowed. Connect again.';

/** Errors of ours that are nobody's business: the audit has them. */
export const internalFault =
  'The session ended because of an internal error. Try again; if it stays, tell an administrator.';

/** Only printable text reaches a terminal: what names and messages hold must not be able to drive it (security rule X1). */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, ' ');
}
