import type { RecordEntry, Walked } from '../../../application/ports/recordings.ts';
import type { StatementsWish } from '../../../application/ports/replays.ts';
import { joinedStatements } from '../joined-statements.ts';
import { jsonOf } from '../record-data.ts';
import { cutTo, holds } from './long-data.ts';

/** So many records, and so many of their bytes, behind the last statement of a page are looked at for how it ended. */
const ahead = 2_000;
const aheadBytes = 8 * 1024 * 1024;
/** Bytes of a statement that is put together; of what is longer only its beginning is told. */
const longestStatement = 64 * 1024 * 1024;
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
 * What is too long to be looked through is there whatever is looked for. The last line is `{"next"}`: the record to go on
 * with, or null. Reads long JSON in one go: for a thread of its own.
 */
export async function* statementLines(
  records: AsyncIterable<Walked>,
  { record, most, text }: StatementsWish,
  live: boolean,
): AsyncGenerator<string> {
  const found: { line: Data }[] = [];
  const open = new Map<unknown, number>();
  let read = record - 1;
  let next: number | null = null;
  let [held, looked, behind, bytesBehind] = [0, 0, 0, 0];
  const entries = async function* (): AsyncGenerator<RecordEntry & { readonly number: number }> {
    for await (const { number, entry } of records) {
      if (entry.kind === 'gap') continue;
      read = number;
      yield { ...entry, number };
    }
  };
  for await (const entry of joinedStatements(entries(), longestStatement)) {
    const { ended = [], ...line } = entry.kind === 'statement' ? beginOf(jsonOf(entry) ?? {}) : {};
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
    const isUnread = line.part !== undefined;
    if (line.via !== undefined && (text === null || isUnread || (await holds([line.text, line.parameters], text)))) {
      const { value, cut, length } = cutTo(shortFirst(line), longestLine);
      const { part: _part, ...told } = value;
      open.set(line.n, found.length);
      found.push({ line: { at: entry.at, ...told, ...(cut || isUnread ? { cut: entry.number } : {}) } });
      held += length;
    }
    if (found.length >= most || held >= longestPage || looked >= mostLooked) next = read + 1;
  }
  for (const { line } of found) yield JSON.stringify(line);
  yield JSON.stringify({ next: next ?? (live ? read + 1 : null) });
}

/** What was asked behind what is known of it, which has room then: kind, verdict and the like. */
function shortFirst({ text, parameters, prepared, ...known }: Data): Data {
  const asked = { text, parameters, prepared };
  return { ...known, ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)) };
}

/** The data of a record; of the first part of a statement whose parts are not together, what its JSON begins with. */
function beginOf(data: Data): Data {
  const { part, piece } = data;
  if (part !== 0 || typeof piece !== 'string') return data;
  const [, n, via] = /^\{(?:"n":(\d{1,15}),)?"via":"([a-z]+)"/.exec(piece) ?? [];
  return { part, ...(n === undefined ? {} : { n: Number(n) }), ...(via === undefined ? {} : { via }) };
}
