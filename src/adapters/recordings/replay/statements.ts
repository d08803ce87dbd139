import type { RecordEntry, Walked } from '../../../application/ports/recordings.ts';
import type { StatementsWish } from '../../../application/ports/replays.ts';
import { joinedStatements } from '../joined-statements.ts';
import { jsonOf } from '../record-data.ts';

/** So many records behind the last statement of a page are looked at for how it ended. */
const ahead = 2_000;

type Data = Readonly<Record<string, unknown>>;

/**
 * The statements of a session at a database, a line each: as recorded, with `at` and how it ended (`outcome`, `error`, `rows`,
 * `bytes`, `ms`) where that is known. The last line is `{"next"}`: the record to go on with, or null.
 */
export async function* statementLines(
  records: AsyncIterable<Walked>,
  { most, text }: StatementsWish,
  live: boolean,
): AsyncGenerator<string> {
  const wanted = text?.toLowerCase();
  const found: { line: Data }[] = [];
  const open = new Map<unknown, number>();
  let read = -1;
  let next: number | null = null;
  let behind = 0;
  const entries = async function* (): AsyncGenerator<RecordEntry> {
    for await (const { number, entry } of records) {
      if (entry.kind === 'gap') continue;
      read = number;
      yield entry;
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
      if (open.size === 0 || behind >= ahead) break;
      continue;
    }
    if (line.via === undefined) continue;
    if (wanted !== undefined && !JSON.stringify([line.text, line.parameters]).toLowerCase().includes(wanted)) continue;
    open.set(line.n, found.length);
    found.push({ line: { at: entry.at, ...line } });
    if (found.length >= most) next = read + 1;
  }
  for (const { line } of found) yield JSON.stringify(line);
  yield JSON.stringify({ next: next ?? (live ? read + 1 : null) });
}
