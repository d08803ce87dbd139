import { BindRequest, PasswordPolicyControl, PasswordPolicyError } from 'ldapts';
import type { IdentityStanding } from '../../application/ports/identity-providers.ts';
import { DirectoryError } from './errors.ts';
import type { DirectoryKind } from './settings.ts';
import type { Wire } from './wire.ts';

/** A password that a server was asked about. `standing` is set when the server said that it was right, but no more. */
export type BindOutcome =
  | { readonly right: true; readonly standing: IdentityStanding | null }
  | { readonly right: false; readonly reason: 'wrong-answer' | 'unknown-user' | 'locked-out'; readonly detail: string };

/**
 * Whether a password may reach a server. An empty one makes a bind unauthenticated, which servers call a success
 * (RFC 4513 section 5.1.2, security rule A1); so does one that a server cuts at its first NUL.
 */
export function isPassword(password: unknown): password is string {
  return (
    typeof password === 'string' && password !== '' && !password.includes('\0') && Buffer.byteLength(password) <= 1024
  );
}

/** A simple bind (RFC 4513 section 5.1.3). Rejects with DirectoryError when the server gives no verdict. */
export async function bind(
  wire: Wire,
  dn: string,
  password: string,
  kind: DirectoryKind,
  signal: AbortSignal,
): Promise<BindOutcome> {
  if (dn === '' || !isPassword(password))
    throw new DirectoryError('wrong-answer', 'a bind without a name or a password');
  const policy = new PasswordPolicyControl();
  const request = new BindRequest({ messageId: 0, dn, password, controls: [policy] });
  const { result } = await wire.ask(request, signal);
  if (result.status === 0) {
    const error = policy.value?.error;
    return { right: true, standing: error === PasswordPolicyError.ChangeAfterReset ? 'must-change' : null };
  }
  const detail = `bind result ${result.status}`;
  if (result.status === 49) {
    return kind === 'active-directory' ? activeDirectory(result.errorMessage) : openLdap(policy.value?.error, detail);
  }
  // 389 Directory Server says 19 to a locked account; 48: the entry has no password; 53: the server will not try.
  if (result.status === 19) return { right: false, reason: 'locked-out', detail };
  if (result.status === 48 || result.status === 53) return { right: false, reason: 'wrong-answer', detail };
  throw new DirectoryError('unavailable', detail);
}

/** Codes that come only after the password was found right: what is wrong is the account. */
const rightButStanding: Readonly<Record<string, IdentityStanding>> = {
  '532': 'must-change',
  '533': 'disabled',
  '701': 'expired',
  '773': 'must-change',
};
/** Outside its hours, from a machine it may not use, locked: whether the password was right stays open. */
const shutOut = new Set(['530', '531', '775']);

/** `…, comment: AcceptSecurityContext error, data 52e, v4563`: the number is a Win32 error in hexadecimal. */
function activeDirectory(message: string): BindOutcome {
  const code = /\bdata 0*([0-9a-f]{1,8})\b/i.exec(message)?.[1]?.toLowerCase() ?? 'none';
  const detail = `bind result 49, data ${code}`;
  const standing = rightButStanding[code];
  if (standing !== undefined) return { right: true, standing };
  if (shutOut.has(code)) return { right: false, reason: 'locked-out', detail };
  return { right: false, reason: code === '525' ? 'unknown-user' : 'wrong-answer', detail };
}

/** draft-behera-ldap-password-policy-10 section 6.2: the policy overlay looks at expiry after the password. */
function openLdap(error: number | undefined, detail: string): BindOutcome {
  if (error === PasswordPolicyError.PasswordExpired) return { right: true, standing: 'must-change' };
  if (error === PasswordPolicyError.AccountLocked) return { right: false, reason: 'locked-out', detail };
  return { right: false, reason: 'wrong-answer', detail };
}
