/** Consonants that are not taken for one another, and make no words (RFC 8628, section 6.1). */
const userCodeAlphabet = 'BCDFGHJKLMNPQRSTVWXZ';
const length = 8;
const allOurs = new RegExp(`^[${userCodeAlphabet}]{${String(length)}}$`);

/** Eight of twenty letters: 34 bits, enough where guesses are counted and codes live for ten minutes. */
export function drawUserCode(randomInt: (below: number) => number): string {
  return Array.from({ length }, () => userCodeAlphabet[randomInt(userCodeAlphabet.length)]).join('');
}

/** As people read it. */
export function shownUserCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`;
}

/** The code that somebody typed: upper or lower case, whatever stands between. Null: it is none. */
export function typedUserCode(text: string): string | null {
  if (text.length > 64) return null;
  const code = text.toUpperCase().replaceAll(/[\s.\-–—_]/gu, '');
  return allOurs.test(code) ? code : null;
}
