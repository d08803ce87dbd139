import type { SearchEntry } from 'ldapts';
import type { IdentityStanding } from '../../application/ports/identity-providers.ts';
import { integerOf, textOf } from './entry.ts';
import { DirectoryError } from './errors.ts';
import type { DirectoryKind } from './settings.ts';

const computed = 'msDS-User-Account-Control-Computed';

export const standingAttributes = (kind: DirectoryKind): readonly string[] =>
  kind === 'active-directory'
    ? ['userAccountControl', 'accountExpires', 'pwdLastSet', computed]
    : ['pwdAccountLockedTime', 'pwdReset', 'pwdEndTime', 'shadowExpire'];

/** How an entry itself says its owner stands at `nowMs`. */
export function standingOf(entry: SearchEntry, kind: DirectoryKind, nowMs: number): IdentityStanding {
  return kind === 'active-directory' ? activeDirectory(entry, nowMs) : openLdap(entry, nowMs);
}

/** Bits of userAccountControl ([MS-ADTS] 2.2.16). */
const accountDisabled = 0x2n;
const lockedOut = 0x10n;
const passwordExpired = 0x80_0000n;

function activeDirectory(entry: SearchEntry, nowMs: number): IdentityStanding {
  const control = integerOf(entry, 'userAccountControl');
  if (control === null) {
    throw new DirectoryError(
      'missing-claim',
      'no userAccountControl can be read: the searching account needs the right to read it',
    );
  }
  const live = integerOf(entry, computed);
  if ((control & accountDisabled) !== 0n) return 'disabled';
  if (isPast(integerOf(entry, 'accountExpires'), nowMs)) return 'expired';
  if (((live ?? 0n) & lockedOut) !== 0n) return 'locked';
  const mustChange = live === null ? integerOf(entry, 'pwdLastSet') === 0n : (live & passwordExpired) !== 0n;
  return mustChange ? 'must-change' : 'active';
}

/** A FILETIME: 100 ns since 1601. Zero and the largest one mean never ([MS-ADA1] 2.3). */
function isPast(time: bigint | null, nowMs: number): boolean {
  if (time === null || time === 0n || time === 0x7fff_ffff_ffff_ffffn) return false;
  return time / 10_000n - 11_644_473_600_000n <= BigInt(Math.trunc(nowMs));
}

/** draft-behera-ldap-password-policy-10 section 5.3, and shadowExpire of RFC 2307 (days since 1970, -1: never). */
function openLdap(entry: SearchEntry, nowMs: number): IdentityStanding {
  const locked = textOf(entry, 'pwdAccountLockedTime');
  if (locked === '000001010000Z') return 'disabled';
  const end = textOf(entry, 'pwdEndTime');
  if (end !== null && generalizedTime(end) <= nowMs) return 'expired';
  const days = integerOf(entry, 'shadowExpire');
  if (days !== null && days >= 0n && days * 86_400_000n <= BigInt(Math.trunc(nowMs))) return 'expired';
  if (locked !== null) return 'locked';
  return textOf(entry, 'pwdReset') === 'TRUE' ? 'must-change' : 'active';
}

/** RFC 4517 section 3.3.13, in UTC and whole seconds, as servers write it; what cannot be read is long past. */
function generalizedTime(text: string): number {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d{0,2})(?:[.,]\d+)?Z$/.exec(text);
  if (found === null) return 0;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
