import { leftToRight, mappedToNothing, prohibited, rightToLeft, spaces, unassigned } from './stringprep-tables.ts';

/**
 * The bytes that PostgreSQL derives keys from: the password in SASLprep (RFC 4013), and as it is when SASLprep has no
 * answer. Like PostgreSQL, and unlike the standard, it leaves ASCII alone, controls too, and looks for what is prohibited
 * before normalising: else a password that the target took would not open it.
 */
export function passwordBytes(password: string): Buffer {
  return Buffer.from(saslprep(password) ?? password, 'utf8');
}

function saslprep(text: string): string | null {
  const given = Array.from(text, codePoint);
  if (given.every((code) => code < 0x80)) return text;
  const mapped = given.map((code) => (spaces.has(code) ? 0x20 : code)).filter((code) => !mappedToNothing.has(code));
  if (mapped.length === 0 || mapped.some((code) => prohibited.has(code) || unassigned.has(code))) return null;
  if (!readsOneWay(mapped)) return null;
  return mapped
    .map((code) => String.fromCodePoint(code))
    .join('')
    .normalize('NFKC');
}

/** RFC 3454, section 6: text from right to left begins and ends so, and has nothing from left to right inside. */
function readsOneWay(codes: readonly number[]): boolean {
  if (!codes.some((code) => rightToLeft.has(code))) return true;
  const ends = [codes.at(0), codes.at(-1)];
  return (
    ends.every((code) => code !== undefined && rightToLeft.has(code)) && !codes.some((code) => leftToRight.has(code))
  );
}

function codePoint(character: string): number {
  return character.codePointAt(0) ?? 0;
}
