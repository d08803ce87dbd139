import type { SearchEntry } from 'ldapts';
import { type Attributes, attributesFrom } from '../../domain/kernel/attributes.ts';
import { textsOf } from './entry.ts';
import { DirectoryError } from './errors.ts';

/** What conditions may ask for besides, of one entry. */
export function attributesOf(entry: SearchEntry, sources: Readonly<Record<string, string>>): Attributes {
  return attributesFrom(sources, (source) => valuesOf(entry, source));
}

function valuesOf(entry: SearchEntry, source: string): readonly string[] | null {
  // Active Directory sends the first 1,500 under this name and none under the one asked for ([MS-ADTS] 3.1.1.3.1.3.3).
  const inParts = `${source.toLowerCase()};range=`;
  if (entry.attributes.some(({ type }) => type.toLowerCase().startsWith(inParts))) return null;
  try {
    return textsOf(entry, source);
  } catch (error) {
    if (error instanceof DirectoryError) return null;
    throw error;
  }
}
