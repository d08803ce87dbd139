import { scanSync } from 'libpg-query';

interface Token {
  /** Offsets in bytes of UTF-8. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly tokenName: string;
}

const comments = new Set(['C_COMMENT', 'SQL_COMMENT']);
const constants = new Set(['SCONST', 'USCONST', 'BCONST', 'XCONST', 'ICONST', 'FCONST']);

function isString({ tokenName, text }: Token): boolean {
  return tokenName === 'SCONST' || tokenName === 'USCONST' || /^u&'/i.test(text);
}

/** The lexer gives no names to bit strings. */
function isConstant(token: Token): boolean {
  return isString(token) || /^[bx]'/i.test(token.text);
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

/** Puts what `put` says in place of a token; null keeps it. */
function replaced(
  text: string,
  of: readonly Token[],
  put: (token: Token, before: Token | null) => string | null,
): string {
  const bytes = Buffer.from(text, 'utf8');
  const pieces: string[] = [];
  let at = 0;
  let before: Token | null = null;
  for (const token of of) {
    const other = put(token, before);
    if (!comments.has(token.tokenName)) before = token;
    if (other === null) continue;
    pieces.push(bytes.toString('utf8', at, token.start), other);
    at = token.end;
  }
  return [...pieces, bytes.toString('utf8', at)].join('');
}

/** The text with `?` for each constant and without comments; null when it can't be cut into tokens. */
export function redacted(text: string): string | null {
  const found = tokens(text);
  if (found === null) return text === '' ? '' : null;
  return replaced(text, found, (token) => {
    if (comments.has(token.tokenName)) return ' ';
    return constants.has(token.tokenName) || isConstant(token) ? '?' : null;
  });
}

const mayHold = /pass|pwd|secret|token|key|connect|u&"|:\/\//i;
/** PASSWORD of a role, and options of servers, user mappings and subscriptions. */
const secretName = /pass|pwd|secret|token|key|^connection$|^"?u&"/i;
/** Connection strings, as they stand in CONNECTION or in the arguments of dblink. */
const secretInside = /(?:pass(?:word|wd|phrase|file)?|pwd|secret)\s*=|:\/\/[^\s/@:]{0,256}:[^\s@]{1,256}@/i;
const inPlace = "'<secret>'";

/** The text with `'<secret>'` for each password; for a text that can't be cut into tokens, for all that may be one. */
export function withoutSecrets(text: string, longest: number): string {
  if (!mayHold.test(text)) return text;
  const found = text.length > longest ? null : tokens(text);
  if (found === null) return withoutSecretsByForm(text);
  return replaced(text, found, (token, before) => {
    if (!isString(token)) return null;
    const named = before !== null && !isString(before) && secretName.test(before.text);
    return named || secretInside.test(token.text) ? inPlace : null;
  });
}

/** A word and the quoted text after it, which may lack its end. */
const wordAndText = /(?<!\w)(\w{1,64})("?\s{0,64})((?:e|u&)?'(?:[^']|'')*'?|\$\w{0,64}\$[^$]*(?:\$\w{0,64}\$)?)/gi;
const quoted = /'(?:[^']|'')*'?/g;

function withoutSecretsByForm(text: string): string {
  return text
    .replace(wordAndText, (all: string, word: string, gap: string) =>
      secretName.test(word) ? `${word}${gap}${inPlace}` : all,
    )
    .replace(quoted, (constant) => (secretInside.test(constant) ? inPlace : constant));
}
