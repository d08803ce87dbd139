import { isUtf8 } from 'node:buffer';
import type { RecordEntry, RecordKind } from '../../application/ports/recordings.ts';
import { joinedStatements } from './joined-statements.ts';
import { jsonOf } from './record-data.ts';

/** A statement of more bytes stays in its parts: it would be read and written in one go, while everybody else waits. */
const longestStatement = 4 * 1024 * 1024;

const structured: ReadonlySet<RecordKind> = new Set(['resize', 'statement', 'file', 'gap', 'channel', 'hidden']);

/**
 * One record a line as JSON, with nothing lost: `at` (ms), `kind`, `channel`, and the data as `data` where it is JSON,
 * as `text` where it is UTF-8 without NUL, otherwise as `base64`. A statement in several parts is one line.
 */
export async function* jsonLines(records: AsyncIterable<RecordEntry>): AsyncGenerator<string> {
  for await (const entry of joinedStatements(records, longestStatement)) {
    const { at, kind, channel } = entry;
    yield JSON.stringify({ at, kind, channel, ...dataOf(entry) });
  }
}

/** The data of a record as `data`, `text` or `base64`, as it is. */
export function dataOf(entry: RecordEntry): object {
  const data = structured.has(entry.kind) ? jsonOf(entry) : undefined;
  if (data !== undefined) return { data };
  const bytes = Buffer.from(entry.data.buffer, entry.data.byteOffset, entry.data.byteLength);
  // A NUL takes six characters as JSON, and text has none.
  return isUtf8(bytes) && !bytes.includes(0) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') };
}
