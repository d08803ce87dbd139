/** Quotes, escapes, dollars, comments and bytes beyond ASCII: then a digit may be inside something else. */
const notCertain = /['"\\$]|--|\/\*|[^\t\n\r\x20-\x7e]|float/i;
const begins = /^(?:select|insert|update|delete)\s/i;

const zero = 48;
const nine = 57;

/**
 * The text with 0 in place of each unsigned whole number, for a text whose reading does not depend on them; otherwise
 * the text itself. FLOAT is left out since `float(1)` and `float(50)` are two types. Runs once for every statement.
 */
export function masked(text: string): string {
  if (!begins.test(text) || notCertain.test(text)) return text;
  let kept = 0;
  let out = '';
  for (let at = 0; at < text.length; at += 1) {
    if (!isDigit(text.charCodeAt(at))) continue;
    const start = at;
    while (isDigit(text.charCodeAt(at + 1))) at += 1;
    if (isPartOfWord(text.charCodeAt(start - 1)) || isPartOfWord(text.charCodeAt(at + 1))) continue;
    out += `${text.slice(kept, start)}0`;
    kept = at + 1;
  }
  return kept === 0 ? text : out + text.slice(kept);
}

/** NaN, before and after the text, is none. */
function isDigit(code: number): boolean {
  return code >= zero && code <= nine;
}

/** Letters, digits, `_` and `.`: the number is then part of a name or of another number. */
function isPartOfWord(code: number): boolean {
  const lower = code | 32;
  return isDigit(code) || (lower >= 97 && lower <= 122) || code === 95 || code === 46;
}
