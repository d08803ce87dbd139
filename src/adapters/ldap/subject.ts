import { EqualityFilter, type Filter, type SearchEntry } from 'ldapts';
import { bytesOf, textOf } from './entry.ts';
import { DirectoryError } from './errors.ts';
import type { DirectoryKind } from './settings.ts';

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const subjectAttribute = (kind: DirectoryKind): string =>
  kind === 'active-directory' ? 'objectGUID' : 'entryUUID';

/** What is never given to somebody else (security rule A6): objectGUID, entryUUID (RFC 4530), in lower case. */
export function subjectOf(entry: SearchEntry, kind: DirectoryKind): string {
  const attribute = subjectAttribute(kind);
  if (kind === 'active-directory') {
    const values = bytesOf(entry, attribute);
    if (values.length === 1 && values[0]?.length === 16) return guidText(values[0]);
  } else {
    const text = textOf(entry, attribute)?.toLowerCase() ?? '';
    if (uuid.test(text)) return text;
  }
  throw new DirectoryError(
    'missing-claim',
    `no ${attribute} can be read: the searching account needs the right to read it`,
  );
}

/** Finds the entry again; null when no directory of this kind can have given this subject. */
export function subjectFilter(subject: string, kind: DirectoryKind): Filter | null {
  if (!uuid.test(subject)) return null;
  const value = kind === 'active-directory' ? guidBytes(subject) : subject;
  return new EqualityFilter({ attribute: subjectAttribute(kind), value });
}

/** The first three fields are little-endian ([MS-DTYP] 2.3.4.2). */
function guidText(bytes: Buffer): string {
  const hex = mixed(bytes).toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const guidBytes = (text: string): Buffer => mixed(Buffer.from(text.replaceAll('-', ''), 'hex'));

function mixed(bytes: Buffer): Buffer {
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Buffer.from(order.map((from) => bytes[from] ?? 0));
}
