import type { RecordEntry, Walked } from '../../../application/ports/recordings.ts';
import type { StatementsWish } from '../../../application/ports/replays.ts';
import { joinedStatements } from '../joined-statements.ts';
import { jsonOf } from '../record-data.ts';
import { cutTo, holds } from './long-data.ts';

/** So many records, and so many of their bytes, behind the last statement of a page are looked at for how it ended. */
const ahead = 2_000;
const aheadBytes = 8 * 1024 * 1024;
/** Characters of a line's texts; what is longer is cut. */
const longestLine = 256 * 1024;
/** Characters of the lines of a page: they are held until it is known how they ended. */
const longestPage = 8 * 1024 * 1024;
/** Bytes of records that one page looks through. */
const mostLooked = 64 * 1024 * 1024;

type Data = Readonly<Record<string, unknown>>;

/**
 * The statements of a session at a database, a line each: as recorded, with `at` and how it ended (`outcome`, `error`, `rows`,
 * `bytes`, `ms`) where that is known, and `cut` (the record at which the whole of it begins) where it is too long for a line.
 * The last line is `{"next"}`: the record to go on with, or null.
 */
export async function* statementLines(
  records: AsyncIterable<Walked>,
  { most, text }: StatementsWish,
  live: boolean,
): AsyncGenerator<string> {
  const found: { line: Data }[] = [];
  const open = new Map<unknown, number>();
  let read = -1;
  let next: number | null = null;
  let [held, looked, behind, bytesBehind] = [0, 0, 0, 0];
  const entries = async function* (): AsyncGenerator<RecordEntry & { readonly number: number }> {
    for await (const { number, entry } of records) {
      if (entry.kind === 'gap') continue;
      read = number;
      yield { ...entry, number };
    }
  };
  for await (const entry of joinedStatements(entries())) {
    const { ended = [], ...line } = entry.kind === 'statement' ? (jsonOf(entry) ?? {}) : {};
    for (const end of Array.isArray(ended) ? (ended as Data[]) : []) {
      const place = open.get(end.n);
      const one = place === undefined ? undefined : found[place];
      if (one !== undefined) one.line = { ...one.line, ...end };
      open.delete(end.n);
    }
    if (next !== null) {
      behind += 1;
      bytesBehind += entry.data.length;
      if (open.size === 0 || behind >= ahead || bytesBehind >= aheadBytes) break;
      continue;
    }
    looked += entry.data.length;
    if (line.via !== undefined && (text === null || (await holds([line.text, line.parameters], text)))) {
      const { value, cut, length } = cutTo(line, longestLine);
      open.set(line.n, found.length);
      found.push({ line: { at: entry.at, ...value, ...(cut ? { cut: entry.number } : {}) } });
      held += length;
    }
    if (found.length >= most || held >= longestPage || looked >= mostLooked) next = read + 1;
  }
  for (const { line } of found) yield JSON.stringify(line);
  yield JSON.stringify({ next: next ?? (live ? read + 1 : null) });
}
