/** Characters that take two columns (UAX #11, wide and fullwidth), as xterm and PuTTY draw them. */
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97C\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1B000}-\u{1B2FF}\u{1F300}-\u{1F64F}\u{1F680}-\u{1F6FF}\u{1F900}-\u{1F9FF}\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u;
const combining = /\p{M}/u;

/** Combining marks on one character that are drawn; what piles up more is left out. */
const mostMarks = 4;

/** Columns that visible text takes. */
export function widthOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += columnsOf(character);
  return columns;
}

/** The beginning that fits into so many columns, with `..` at the end when something is missing; never half a character. */
export function cut(text: string, columns: number): string {
  const tidy = withoutPiles(text);
  if (widthOf(tidy) <= columns) return tidy;
  const mark = '..'.slice(0, Math.max(0, columns));
  return fitting(tidy, columns - mark.length) + mark;
}

/** The end that fits: what is being typed. */
export function cutLeft(text: string, columns: number): string {
  const kept = fitting(Array.from(withoutPiles(text)).reverse().join(''), columns);
  return Array.from(kept).reverse().join('');
}

/** Cut and filled up to so many columns. */
export function padded(text: string, columns: number): string {
  const fits = cut(text, columns);
  return fits + ' '.repeat(Math.max(0, columns - widthOf(fits)));
}

function fitting(text: string, columns: number): string {
  let left = columns;
  let kept = '';
  for (const character of text) {
    left -= columnsOf(character);
    if (left < 0) break;
    kept += character;
  }
  return kept;
}

function columnsOf(character: string): number {
  if (character < '\u0300') return 1;
  if (combining.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

function withoutPiles(text: string): string {
  return text.replaceAll(new RegExp(`(\\p{M}{${mostMarks}})\\p{M}+`, 'gu'), '$1');
}
