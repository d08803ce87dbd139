import type { RecordEntry, Walked } from '../../../application/ports/recordings.ts';
import { joinedStatements } from '../joined-statements.ts';
import { jsonOf } from '../record-data.ts';
import { isShown, ShownText } from './shown-text.ts';
import { sameLength } from './same-length.ts';

/** Characters of context on each side of a hit. */
const context = 40;
/** Bytes of a statement that is looked through as a whole; of what is longer its parts have no text. */
const longestStatement = 64 << 20;
/** How far the search is, is told after so many bytes. */
const progressBytes = 8 << 20;

export interface SearchWish {
  readonly text: string;
  readonly most: number;
}

/**
 * Where a text was shown (without its escape sequences, also across records) or typed and asked, whatever its case: lines
 * `{"at", "channel", "kind": "shown"|"typed", "before", "match", "after"}` and now and then `{"at"}` alone. The last line
 * is `{"next", "at"}`: the moment to go on from when there were more hits than wished, else null.
 */
export async function* searchLines(records: AsyncIterable<Walked>, { text, most }: SearchWish): AsyncGenerator<string> {
  const wanted = sameLength(text);
  const shown = new ShownText();
  const carried = new Map<number, string>();
  let [hits, bytes, at] = [0, 0, 0];
  for await (const entry of joinedStatements(entriesOf(records), longestStatement)) {
    if (hits >= most && entry.at > at) {
      yield JSON.stringify({ next: entry.at, at });
      return;
    }
    ({ at } = entry);
    const { channel } = entry;
    const begun = isShown(entry) ? (carried.get(channel) ?? '') : '';
    const all = begun + (isShown(entry) ? plain(shown.next(entry)) : typed(entry));
    const kind = isShown(entry) ? 'shown' : 'typed';
    for (const hit of hitsIn(all, wanted, begun.length)) {
      if (hits >= most * 2) break;
      hits += 1;
      yield JSON.stringify({ at, channel, kind, ...hit });
    }
    if (isShown(entry)) carried.set(channel, all.slice(-(wanted.length - 1 + context)));
    bytes += entry.data.length;
    if (bytes >= progressBytes) {
      bytes = 0;
      yield JSON.stringify({ at });
    }
  }
  yield JSON.stringify({ next: null, at });
}

async function* entriesOf(records: AsyncIterable<Walked>): AsyncGenerator<RecordEntry> {
  for await (const { entry } of records) if (entry.kind !== 'gap') yield entry;
}

/** Hits that end behind the first `begun` characters: the others were found before. */
function* hitsIn(all: string, wanted: string, begun: number): Generator<object> {
  const folded = sameLength(all);
  let from = Math.max(0, begun - wanted.length + 1);
  for (let place = folded.indexOf(wanted, from); place >= 0; place = folded.indexOf(wanted, from)) {
    const end = place + wanted.length;
    const before = all.slice(Math.max(0, place - context), place);
    yield { before, match: all.slice(place, end), after: all.slice(end, end + context) };
    from = end;
  }
}

const sequences = /\u001b(?:\[[0-?]*[ -/]*[@-~]|[ -/]*[0-~])/g;

function plain(text: string): string {
  return text.replaceAll(sequences, '').replaceAll('\r', '').replaceAll(controls, ' ');
}

const controls = /\p{Cc}/gu;

/** What was typed as a line, begun as a command, or asked of a database. */
function typed(entry: RecordEntry): string {
  if (entry.kind !== 'statement' && entry.kind !== 'channel') return '';
  const { line, command, text, parameters } = jsonOf(entry) ?? {};
  const parts = [line, command, text].filter((part) => typeof part === 'string');
  return plain(parameters === undefined ? parts.join(' ') : `${parts.join(' ')} ${JSON.stringify(parameters)}`);
}
