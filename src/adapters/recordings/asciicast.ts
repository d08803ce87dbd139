import { TextDecoder } from 'node:util';
import type { RecordEntry } from '../../application/ports/recordings.ts';
import { jsonOf, type Size, sizeOf } from './record-data.ts';

export interface AsciicastInfo {
  /** Start of the session, ISO 8601. */
  readonly startedAt: string;
  readonly title?: string;
}

const withoutPty: Size = { columns: 80, rows: 24 };
/** Records looked at for the terminal size before the first output; a size that comes later is an `r` event. */
const mostAhead = 1_000;

/**
 * The lines, without line ends, of an asciicast v2 file (docs.asciinema.org/manual/asciicast/v2): the header, then
 * `o`, `i` and `r` events, and an `m` (marker) for each gap and each end of a channel. The channels of a session are merged in order of time; each
 * has its own decoder, so that a character cut in two by a packet is one again, and what is no UTF-8 becomes U+FFFD.
 * Players know terminals only: without one, a line feed gets the carriage return that the person's own terminal added.
 */
export async function* asciicastLines(
  info: AsciicastInfo,
  records: AsyncIterable<RecordEntry>,
): AsyncGenerator<string> {
  const text = decoders();
  let ahead: RecordEntry[] | undefined = [];
  let at = 0;
  for await (const entry of records) {
    at = entry.at;
    if (ahead === undefined) {
      yield* events(entry, text);
      continue;
    }
    ahead.push(entry);
    const decides = sizeOf(entry) !== undefined || codeOf(entry) !== undefined;
    if (!decides && ahead.length < mostAhead) continue;
    yield* opening(info, ahead, text);
    ahead = undefined;
  }
  if (ahead !== undefined) yield* opening(info, ahead, text);
  for (const [kind, rest] of text.flush()) yield event(at, kind, rest);
}

/** The header, with the size that the last of these records gives, and the events of all before it. */
function* opening(info: AsciicastInfo, ahead: readonly RecordEntry[], text: Decoders): Generator<string> {
  const last = ahead.at(-1);
  const size = last === undefined ? undefined : sizeOf(last);
  yield header(info, size ?? withoutPty);
  for (const entry of size === undefined ? ahead : ahead.slice(0, -1)) yield* events(entry, text);
  if (last !== undefined) text.started(last);
}

function header(info: AsciicastInfo, size: Size): string {
  const timestamp = Math.floor(Date.parse(info.startedAt) / 1000);
  const title = info.title === undefined ? {} : { title: info.title };
  return JSON.stringify({ version: 2, width: size.columns, height: size.rows, timestamp, ...title });
}

function* events(entry: RecordEntry, text: Decoders): Generator<string> {
  const kind = codeOf(entry);
  if (kind !== undefined) {
    const decoded = text.decode(entry, kind);
    if (decoded !== '') yield event(entry.at, kind, decoded);
    return;
  }
  text.started(entry);
  const ended = exitText(entry);
  if (ended !== undefined) yield event(entry.at, 'm', ended);
  const size = sizeOf(entry);
  if (size !== undefined) yield event(entry.at, 'r', `${size.columns}x${size.rows}`);
  if (entry.kind === 'gap') yield event(entry.at, 'm', `gap: ${gapText(entry)}`);
}

function event(milliseconds: number, kind: string, data: string): string {
  return JSON.stringify([milliseconds / 1000, kind, data]);
}

/** How a shell or command ended; undefined for every other record. */
function exitText(entry: RecordEntry): string | undefined {
  if (entry.kind !== 'channel') return undefined;
  const { event: what, exitCode, signal } = jsonOf(entry) ?? {};
  if (what !== 'ended') return undefined;
  const how =
    typeof signal === 'string'
      ? `signal ${signal}`
      : typeof exitCode === 'number'
        ? `exit ${exitCode}`
        : 'no exit status';
  return `channel ${entry.channel}: ${how}`;
}

function gapText(entry: RecordEntry): string {
  const { reason, bytes } = jsonOf(entry) ?? {};
  return typeof reason === 'string' ? `${reason}, ${String(bytes)} bytes` : 'part of the recording is missing';
}

/** The event code of what a person saw or typed. */
function codeOf({ kind }: RecordEntry): 'o' | 'i' | undefined {
  if (kind === 'input') return 'i';
  return kind === 'output' || kind === 'stderr' ? 'o' : undefined;
}

interface Decoders {
  /** Any record: when something begins on its channel, it says whether at a terminal. */
  started(entry: RecordEntry): void;
  decode(entry: RecordEntry, code: string): string;
  /** What was cut off in the middle of a character, for ever. */
  flush(): (readonly [kind: string, text: string])[];
}

function decoders(): Decoders {
  const known = new Map<string, TextDecoder>();
  const withoutTerminal = new Set<number>();
  return {
    started(entry) {
      if (entry.kind !== 'channel' || jsonOf(entry)?.event !== 'started') return;
      if (sizeOf(entry) === undefined) withoutTerminal.add(entry.channel);
      else withoutTerminal.delete(entry.channel);
    },
    decode(entry, code) {
      const name = `${code} ${entry.kind} ${entry.channel}`;
      const decoder = known.get(name) ?? new TextDecoder('utf-8', { ignoreBOM: true });
      known.set(name, decoder);
      const decoded = decoder.decode(entry.data, { stream: true });
      return code === 'o' && withoutTerminal.has(entry.channel) ? decoded.replaceAll(/\r?\n/g, '\r\n') : decoded;
    },
    flush() {
      return [...known]
        .map(([name, decoder]) => [name.charAt(0), decoder.decode()] as const)
        .filter(([, rest]) => rest !== '');
    },
  };
}
