/** What a login name says: who, and where to. Null means "not named". */
export interface LoginName {
  readonly user: string;
  readonly account: string | null;
  readonly target: string | null;
}

export type ParsedLoginName =
  | ({ readonly ok: true } & LoginName)
  | { readonly ok: false; readonly code: 'too-long' | 'control-character' | 'empty-part' | 'malformed' };

/** Characters (UTF-16 units) at the most. */
const longestLoginName = 256;

const control = /\p{Cc}|\p{Zl}|\p{Zp}|\p{Cs}/u;
const reserved = /[~[\]#:]/;
const segura = /^([^[\]]*)\[([^[\]]*)@([^[\]@]*)\]$/;

/**
 * The one grammar of login names for all protocols (CONTRACT.md section 4): `user~target`, `user~account~target`; without
 * a `~`, Segura's `user[account@target]` and `user[domain\account@target]`, then `#`, then `:` as separators. Total: any
 * text gives a name or a code. A name without separator is a user without a target.
 */
export function parseLoginName(text: string): ParsedLoginName {
  if (text.length > longestLoginName) return { ok: false, code: 'too-long' };
  if (control.test(text)) return { ok: false, code: 'control-character' };
  if (text.includes('~')) return separated(text, '~');
  if (/[[\]]/.test(text)) {
    const match = segura.exec(text);
    return match === null ? { ok: false, code: 'malformed' } : named([match[1], match[2], match[3]]);
  }
  if (text.includes('#')) return separated(text, '#');
  return separated(text, ':');
}

function separated(text: string, separator: string): ParsedLoginName {
  const parts = text.split(separator);
  return parts.length > 3 ? { ok: false, code: 'malformed' } : named(parts);
}

function named(parts: readonly (string | undefined)[]): ParsedLoginName {
  if (parts.some((part) => part === undefined || part === '')) return { ok: false, code: 'empty-part' };
  if (parts.some((part) => reserved.test(part ?? ''))) return { ok: false, code: 'malformed' };
  const [user = '', second, third] = parts;
  if (third !== undefined) return { ok: true, user, account: second ?? null, target: third };
  return { ok: true, user, account: null, target: second ?? null };
}
