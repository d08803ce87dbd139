/** A string constant in a text of SQL. Offsets in UTF-16 units. */
export interface Literal {
  /** Of its opening quote; letters in front of that, such as `E`, are left out. */
  readonly start: number;
  /** Behind its closing quote. */
  readonly end: number;
  readonly body: string;
  /** In single quotes, which are doubled inside; the others stand between dollars. */
  readonly quoted: boolean;
  /** The word, the name in quotes or the sign in front of it, comments left out; `'` when that is a constant too. */
  readonly before: string;
}

/** Further back no word is looked for. */
const lookBack = 200;
const begin = /'|"|--|\/\*|\$(?:[A-Za-z_\u{80}-\u{10ffff}][\w\u{80}-\u{10ffff}]*)?\$/gu;
/** A number or a parameter ends where a dollar begins, a name does not. What fills all that is looked at is one. */
const nameAtEnd = /(?:[A-Za-z_\u{80}-\u{10ffff}][\w$\u{80}-\u{10ffff}]*|^[\w$\u{80}-\u{10ffff}]{99,})$/u;
const wordAtEnd = /(?:[\w$\u{80}-\u{10ffff}]+|[^])$/u;
const prefixAtEnd = /(?<![A-Za-z_\u{80}-\u{10ffff}][\w$\u{80}-\u{10ffff}]*)(?:[ebxn]|u&)$/iu;

/**
 * The string constants of a text of any length, as PostgreSQL's lexer finds them with standard_conforming_strings on
 * ("Lexical Structure"); the last one may lack its end. Its time grows with the text alone.
 */
export function* literalsOf(text: string): Generator<Literal> {
  const next = new RegExp(begin);
  let before = '';
  let at = 0;
  /** Of the constant that may go on in the next line, and whether that has begun. */
  let open: { readonly prefix: string; hasLine: boolean } | null = null;
  for (let found = next.exec(text); found !== null; found = next.exec(text)) {
    const start = found.index;
    const [sign] = found;
    const codeEnd = beforeSpace(text, start, at);
    const raw = text.slice(Math.max(at, codeEnd - lookBack), codeEnd);
    const isDirect = codeEnd === start;
    if (sign.startsWith('$') && isDirect && nameAtEnd.test(raw)) {
      // `a$b$` is a name.
      next.lastIndex = start + 1;
      continue;
    }
    if (codeEnd > at) open = null;
    if (open !== null) open.hasLine ||= /[\n\r]/.test(text.slice(codeEnd, start));
    const own = isDirect && (sign === "'" || sign === '"') ? (prefixAtEnd.exec(raw)?.[0].toLowerCase() ?? '') : '';
    const code = raw.slice(0, beforeSpace(raw, raw.length - own.length, 0));
    if (code !== '') before = wordAtEnd.exec(code)?.[0] ?? '';
    const prefix: string = sign === "'" && open?.hasLine === true ? open.prefix : own;
    const end = endOf(text, sign, start + sign.length, prefix);
    if (sign === '"') before = prefix + text.slice(start, Math.min(end, start + lookBack));
    else if (sign === "'" || sign.startsWith('$')) {
      yield { start, end, body: bodyOf(text, sign, start, end), quoted: sign === "'", before };
      before = "'";
    }
    if (sign === '--' && open !== null) open.hasLine = true;
    else open = sign === "'" ? { prefix, hasLine: false } : null;
    next.lastIndex = at = end;
  }
}

/** Where the white space in front of `end` begins, not before `from`. */
function beforeSpace(text: string, end: number, from: number): number {
  let at = end;
  while (at > from && ' \t\n\r\f\v'.includes(text.charAt(at - 1))) at -= 1;
  return at;
}

function bodyOf(text: string, sign: string, start: number, end: number): string {
  const from = start + sign.length;
  const isWhole = end - sign.length >= from && text.startsWith(sign, end - sign.length);
  return text.slice(from, isWhole ? end - sign.length : end);
}

/** Where what begins with `sign` ends; `from` is behind that. */
function endOf(text: string, sign: string, from: number, prefix: string): number {
  if (sign === '--') return past(/[\n\r]/g, text, from);
  if (sign === '/*') return pastComment(text, from);
  if (sign === '"') return past(/"/g, text, from);
  // Bits and hex digits hold no quote.
  if (prefix === 'b' || prefix === 'x') return past(/'/g, text, from);
  if (sign === "'") return pastQuote(text, from, prefix === 'e');
  const closing = text.indexOf(sign, from);
  return closing < 0 ? text.length : closing + sign.length;
}

function past(what: RegExp, text: string, from: number): number {
  what.lastIndex = from;
  return what.test(text) ? what.lastIndex : text.length;
}

/** Comments hold comments. */
function pastComment(text: string, from: number): number {
  const ends = /\/\*|\*\//g;
  ends.lastIndex = from;
  for (let depth = 1; depth > 0; ) {
    const found = ends.exec(text);
    if (found === null) return text.length;
    depth += found[0] === '/*' ? 1 : -1;
  }
  return ends.lastIndex;
}

function pastQuote(text: string, from: number, escapes: boolean): number {
  const stops = escapes ? /'|\\/g : /'/g;
  stops.lastIndex = from;
  for (let found = stops.exec(text); found !== null; found = stops.exec(text)) {
    const isEnd = found[0] === "'" && text.charAt(stops.lastIndex) !== "'";
    if (isEnd) return stops.lastIndex;
    stops.lastIndex += 1;
  }
  return text.length;
}
