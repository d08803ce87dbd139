import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { SallyportError } from '../../domain/kernel/errors.ts';

const longestName = 240;
const plain = /[a-z0-9_-]/;

/** Where a record lies below its folder: two hex digits of its digest, to keep folders small, and a safe file name. */
export interface RecordPlace {
  readonly shard: string;
  readonly name: string;
}

/**
 * The place of a record. In its name only a-z, 0-9, `_` and `-` stand for themselves, every other byte is `%` and two
 * hex digits: no separator, dot or capital letter of an id ever reaches the file system.
 */
export function recordPlace(recordId: string): RecordPlace {
  const bytes = Buffer.from(recordId, 'utf8');
  const name = Array.from(bytes, (byte) => {
    const character = String.fromCharCode(byte);
    return plain.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
  }).join('');
  if (name === '' || name.length > longestName || bytes.toString('utf8') !== recordId) {
    throw new SallyportError(
      'invalid',
      'record-id-invalid',
      `a record id must be well-formed text that takes 1 to ${longestName} bytes as a file name; this one takes ${name.length}`,
    );
  }
  return { shard: createHash('sha256').update(bytes).digest('hex').slice(0, 2), name };
}

/** The path of a record below its folder. */
export function recordPath(folder: string, recordId: string): string {
  const { shard, name } = recordPlace(recordId);
  return join(folder, shard, name);
}

/** The record id of a file name, or undefined when the file is none of ours. */
export function recordIdOf(name: string): string | undefined {
  if (!/^(?:[a-z0-9_-]|%[0-9a-f]{2})+$/.test(name)) return undefined;
  const id = Buffer.from(
    name.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
  return recordPlace(id).name === name ? id : undefined;
}
