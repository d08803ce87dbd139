import type { RecordEntry, Walked } from '../../../application/ports/recordings.ts';
import type { RailStart, StreamMoment } from '../../../application/ports/replays.ts';
import { visibleText } from '../../../domain/kernel/visible-text.ts';
import { jsonOf, sizeOf } from '../record-data.ts';
import { isUnfinished } from './record-lines.ts';
import { isShown } from './shown-text.ts';

/** A stretch without output or statements that is longer than this, in milliseconds, is told as `idle`. */
const idleMilliseconds = 2_000;
/** Characters of a text on the rail; the whole one stands in the records. */
const longestText = 500;

export interface RailWish {
  readonly start: RailStart;
  readonly most: number;
  readonly events: AsyncIterable<StreamMoment>;
  readonly live: boolean;
}

/**
 * What happened in a session, beside its output: a line for each, in order of time, but for an `idle` stretch, which stands
 * where it ends. Of the session's stream no more is read than stands beside these records. The last line is `{"next", "at"}`;
 * `next` goes on where this page ended and is null when no more comes.
 */
export async function* railLines(
  records: AsyncIterable<Walked>,
  { start, most, events, live }: RailWish,
): AsyncGenerator<string> {
  let { record, quietSince, seen, position } = start;
  let at = seen;
  let lines = 0;
  const stream = events[Symbol.asyncIterator]();
  let waiting: StreamMoment | undefined;
  /** What the stream tells up to a moment, as far as there is room. */
  const upTo = async function* (moment: number, room = most): AsyncGenerator<string> {
    while (lines < room) {
      waiting ??= ended(await stream.next());
      if (waiting === undefined || waiting.at > moment) return;
      if (waiting.told !== null) {
        yield JSON.stringify(waiting.told);
        lines += 1;
        at = Math.max(at, waiting.at);
      }
      ({ position } = waiting);
      waiting = undefined;
    }
  };
  const next = (): string => JSON.stringify({ next: [record, quietSince, seen, position ?? ''].join('.'), at });
  try {
    for await (const { number, entry } of records) {
      if (live && isUnfinished(entry)) continue;
      const { at: moment } = entry;
      yield* upTo(moment);
      if (lines >= most) {
        yield next();
        return;
      }
      if (isShown(entry) || entry.kind === 'statement') {
        if (moment - quietSince > idleMilliseconds) {
          yield JSON.stringify({ at: quietSince, kind: 'idle', to: moment });
          lines += 1;
        }
        quietSince = moment;
      }
      const what = happened(entry);
      if (what !== undefined) {
        yield JSON.stringify({ at: moment, ...what });
        lines += 1;
      }
      record = entry.kind === 'gap' ? number : number + 1;
      seen = Math.max(seen, moment);
      at = Math.max(at, moment);
    }
    yield* upTo(Infinity, Infinity);
    if (!live && seen - quietSince > idleMilliseconds) yield JSON.stringify({ at: quietSince, kind: 'idle', to: seen });
    yield live ? next() : JSON.stringify({ next: null, at });
  } finally {
    await stream.return?.();
  }
}

function ended({ done, value }: IteratorResult<StreamMoment, unknown>): StreamMoment | undefined {
  return done === true ? undefined : value;
}

/** Undefined for what a rail does not tell. */
function happened(entry: RecordEntry): object | undefined {
  const { channel, kind } = entry;
  if (isShown(entry) || kind === 'input' || kind === 'hidden' || kind === 'frame') return undefined;
  const data = jsonOf(entry) ?? {};
  switch (kind) {
    case 'statement':
      return statement(data, channel);
    case 'file':
      return data.event === 'looked' ? undefined : { kind, channel, ...file(data) };
    case 'resize':
      return { kind, channel, ...sizeOf(entry) };
    case 'gap':
      return { kind, reason: data.reason, bytes: data.bytes };
    case 'channel':
      if (data.event === 'ended') return { kind: 'ended', channel, exitCode: data.exitCode, signal: data.signal };
      return {
        kind: 'started',
        channel,
        what: data.kind,
        pty: sizeOf(entry) ?? null,
        text: cut(data.command ?? data.name),
      };
    default:
      return undefined;
  }
}

type Data = Readonly<Record<string, unknown>>;

function statement(data: Data, channel: number): object | undefined {
  if (typeof data.known === 'boolean') {
    return { kind: 'line', channel, ...(data.known ? { text: cut(data.line) } : { why: data.why }) };
  }
  if (data.part !== undefined) return data.part === 0 ? { kind: 'statement', long: true } : undefined;
  // Only tells how earlier ones ended.
  if (data.via === undefined) return undefined;
  const { n, via, kind: sort, verdict, why } = data;
  return { kind: 'statement', n, via, sort, verdict, why, text: cut(data.text) };
}

function file({ event, operation, direction, path, newPath, bytes, outcome, why, reason }: Data): object {
  return {
    event,
    what: operation ?? direction,
    path: cut(path),
    newPath: cut(newPath),
    bytes,
    outcome,
    why: why ?? reason,
  };
}

function cut(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  return visibleText(text.length > longestText ? `${text.slice(0, longestText)}…` : text);
}
