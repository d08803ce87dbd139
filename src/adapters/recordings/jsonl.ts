import { isUtf8 } from 'node:buffer';
import type { RecordEntry, RecordKind } from '../../application/ports/recordings.ts';
import { joinedStatements } from './joined-statements.ts';
import { jsonOf } from './record-data.ts';

/** A statement of more bytes stays in its parts. */
const longestStatement = 64 * 1024 * 1024;
/** What is longer was put together of parts: its JSON is passed on as it is, since all else waits while it is read. */
const readAtOnce = 1024 * 1024;

const structured: ReadonlySet<RecordKind> = new Set(['resize', 'statement', 'file', 'gap', 'channel', 'hidden']);

/**
 * One record a line as JSON, with nothing lost: `at` (ms), `kind`, `channel`, and the data as `data` where it is JSON,
 * as `text` where it is UTF-8 without NUL, otherwise as `base64`. A statement in several parts is one line.
 */
export async function* jsonLines(records: AsyncIterable<RecordEntry>): AsyncGenerator<string> {
  for await (const entry of joinedStatements(records, longestStatement)) {
    const { at, kind, channel, data } = entry;
    const head = { at, kind, channel };
    const isLong = kind === 'statement' && data.length > readAtOnce;
    if (isLong) yield `${JSON.stringify(head).slice(0, -1)},"data":${Buffer.from(data).toString('utf8')}}`;
    else yield JSON.stringify({ ...head, ...dataOf(entry) });
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
