import type { Walked } from '../../../application/ports/recordings.ts';
import type { RecordsWish } from '../../../application/ports/replays.ts';
import { dataOf } from '../jsonl.ts';
import { jsonOf } from '../record-data.ts';
import { isShown, type ShownText } from './shown-text.ts';

/**
 * Records as a player takes them: as in `jsonl`, but output is text that only draws, and parts of long statements stay
 * parts. `text` is where the output stands before; `ended` is told the record that it stands before at the end. The last line is `{"next", "at"}`: the record to go on with, null when no more comes. What follows begins with one too.
 */
export async function* recordLines(
  records: AsyncIterable<Walked>,
  { to, bytes: most, from, follow }: RecordsWish,
  live: boolean,
  text: ShownText,
  ended: (next: number) => void,
): AsyncGenerator<string> {
  let bytes = 0;
  let next = 'record' in from ? from.record : 0;
  let at = 'milliseconds' in from ? from.milliseconds : 0;
  // An answer begins to come with its first line, and what is followed may say nothing for long.
  if (follow !== null) yield JSON.stringify({ next, at });
  for await (const { number, entry } of records) {
    const isGap = entry.kind === 'gap';
    if (!isGap && (entry.at > to || bytes >= most)) {
      ended(number);
      yield JSON.stringify({ next: number, at });
      return;
    }
    if (live && isGap && isUnfinished(entry)) continue;
    ({ at } = entry);
    next = isGap ? number : number + 1;
    bytes += entry.data.length;
    const { kind, channel } = entry;
    const data = isShown(entry) ? { text: text.next(entry) } : dataOf(entry);
    if (!('text' in data) || data.text !== '') yield JSON.stringify({ at, kind, channel, ...data });
  }
  ended(next);
  yield JSON.stringify({ next: live && follow === null ? next : null, at });
}

/** The end of what is written, which for a session that lives is no gap. */
export function isUnfinished(entry: Walked['entry']): boolean {
  return entry.kind === 'gap' && jsonOf(entry)?.reason === 'unfinished';
}
