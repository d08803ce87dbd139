import type { SearchEntry } from 'ldapts';
import { DirectoryError } from './errors.ts';

/** The values of an attribute as bytes; attribute names know no case (RFC 4512 section 2.5). */
export function bytesOf(entry: SearchEntry, name: string): readonly Buffer[] {
  const wanted = name.toLowerCase();
  return entry.attributes.filter(({ type }) => type.toLowerCase() === wanted).flatMap((found) => found.parsedBuffers);
}

/** The values of an attribute as text. Throws DirectoryError when one is not UTF-8. */
export function textsOf(entry: SearchEntry, name: string): readonly string[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return bytesOf(entry, name).map((value) => decoder.decode(value));
  } catch {
    throw new DirectoryError('missing-claim', `${name} is not text`);
  }
}

/** The one value of an attribute; null when there is none. Two are no answer to "which one". */
export function textOf(entry: SearchEntry, name: string): string | null {
  const values = textsOf(entry, name);
  if (values.length > 1)
    throw new DirectoryError('missing-claim', `${name} has ${values.length} values where one is needed`);
  return values[0] ?? null;
}

/** A whole number, which may be larger than a double holds (Active Directory's large integers). */
export function integerOf(entry: SearchEntry, name: string): bigint | null {
  const text = textOf(entry, name);
  if (text === null) return null;
  if (!/^-?\d{1,19}$/.test(text)) throw new DirectoryError('missing-claim', `${name} is not a number`);
  return BigInt(text);
}

/** The entry's own name. An empty one would make a bind anonymous, which servers then call a success (RFC 4513 section 5.1). */
export function dnOf(entry: SearchEntry): string {
  if (!/^[^=,\s][^=]*=[^]*\S/.test(entry.name)) throw new DirectoryError('untrusted', 'an entry without a name');
  return entry.name;
}
