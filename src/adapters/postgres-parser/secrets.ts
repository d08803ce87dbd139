import { scanSync } from 'libpg-query';
import { literalsOf } from './literals.ts';

interface Token {
  /** Offsets in bytes of UTF-8. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly tokenName: string;
}

const comments = new Set(['C_COMMENT', 'SQL_COMMENT']);
const constants = new Set(['SCONST', 'USCONST', 'BCONST', 'XCONST', 'ICONST', 'FCONST']);

/** The lexer gives no names to bit strings and texts with code points. */
function isConstant({ tokenName, text }: Token): boolean {
  return constants.has(tokenName) || /^(?:[bx]|u&)'/i.test(text);
}

/** The tokens with comments, or null when the text can't be cut into tokens. */
function tokens(text: string): readonly Token[] | null {
  if (text === '' || text.includes('\0')) return null;
  try {
    return scanSync(text).tokens;
  } catch {
    return null;
  }
}

/** The text with `?` for each constant and without comments; null when it can't be cut into tokens. */
export function redacted(text: string): string | null {
  const found = tokens(text);
  if (found === null) return text === '' ? '' : null;
  const bytes = Buffer.from(text, 'utf8');
  const pieces: string[] = [];
  let at = 0;
  for (const token of found) {
    const isComment = comments.has(token.tokenName);
    if (!isComment && !isConstant(token)) continue;
    pieces.push(bytes.toString('utf8', at, token.start), isComment ? ' ' : '?');
    at = token.end;
  }
  return [...pieces, bytes.toString('utf8', at)].join('');
}

const mayHold = /pass|pwd|secret|token|key|connect|u&"|:\/\//i;
/** PASSWORD of a role, and options of servers, user mappings and subscriptions. */
const secretName = /pass|pwd|secret|token|key|^connection$/i;
const inPlace = "'<secret>'";

/** Longest connection string, in UTF-16 units. */
const longestConnection = 4096;
const secretKey = /^(?:pass(?:word|wd|phrase|file)?|pwd|secret)$/i;
/** One `name = value` of a connection string (libpq, "Connection Strings"). */
const setting = /\s*(\w{1,64})\s*=\s*('(?:[^'\\]|\\[^])*'|[^\s']*)(?:[\s;]+|$)/y;
const address = /^\s*[\w+.-]{1,64}:\/\/[^\s/@:]*:[^\s/@]+@\S*\s*$/;

/** `name=value` and user and password of an address, inside a longer text. The value has nothing in it that code needs. */
const settingInside = /((?:pass(?:word|wd|phrase|file)?|pwd|secret)[ \t]{0,16}=[ \t]{0,16})[^\s'"\\;,()/*$|<]{1,128}/gi;
const addressInside = /(:\/\/[^\s/@'":]{0,128}:)[^\s/@'":]{1,192}@/g;

/** So deep SQL is looked for in string constants: a function that runs a text that alters a role. */
const deepest = 3;

/**
 * The text with `'<secret>'` for each password. Whatever may run stays as it is: only a constant that stands behind a
 * word for a secret, or is a connection string from end to end, goes as a whole; in all other constants, which may be
 * code, their own constants are looked at, and single values.
 */
export function withoutSecrets(text: string, depth = 0): string {
  if (!mayHold.test(text)) return text;
  const pieces: string[] = [];
  let at = 0;
  let wasSecret = false;
  for (const { start, end, body, quoted, before } of literalsOf(text)) {
    // The next line of a constant belongs to it.
    wasSecret = before === "'" ? wasSecret : secretName.test(spelledOut(before));
    const instead = wasSecret ? inPlace : replaced(text.slice(start, end), body, quoted, depth);
    if (instead === null) continue;
    pieces.push(text.slice(at, start), instead);
    at = end;
  }
  return pieces.length === 0 ? text : [...pieces, text.slice(at)].join('');
}

/** `U&"p\0061ssword"` is `"password"`. */
function spelledOut(name: string): string {
  if (!name.startsWith('u&')) return name;
  return name.replaceAll(/\\(?:\+([\da-f]{6})|([\da-f]{4}))/gi, (written, long?: string, short?: string) => {
    const code = Number.parseInt(long ?? short ?? '', 16);
    return code <= 0x10_ffff ? String.fromCodePoint(code) : written;
  });
}

/** What stands in place of a constant; null: itself. */
function replaced(whole: string, body: string, quoted: boolean, depth: number): string | null {
  if (!mayHold.test(body)) return null;
  const said = quoted ? body.replaceAll("''", "'") : body;
  if (isConnection(said)) return inPlace;
  const inner = (depth < deepest ? withoutSecrets(said, depth + 1) : said)
    .replace(settingInside, '$1<secret>')
    .replace(addressInside, '$1<secret>@');
  if (inner === said) return null;
  const written = quoted ? inner.replaceAll("'", "''") : inner;
  return whole.replace(body, () => written);
}

/** Whether a text is nothing but a connection string with a secret in it. */
function isConnection(text: string): boolean {
  if (text.length > longestConnection) return false;
  if (address.test(text)) return true;
  setting.lastIndex = 0;
  let isSecret = false;
  for (let found = setting.exec(text); found !== null; found = setting.exec(text)) {
    isSecret ||= secretKey.test(found[1] ?? '');
    if (setting.lastIndex === text.length) return isSecret;
  }
  return false;
}
