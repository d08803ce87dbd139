import type { Api } from './api.ts';
import { UsageError } from './errors.ts';

/** One record as `as=jsonl` gives it (docs/protocols/recording.md). */
export interface Recorded {
  /** Milliseconds since the start. */
  readonly at: number;
  readonly kind: string;
  readonly channel: number;
  readonly text?: string;
  readonly base64?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface ReadingWish {
  readonly manner: 'play' | 'follow' | 'export';
  /** Seconds since the start, or `end`. */
  readonly from?: string;
  /** Only of this channel. */
  readonly channel?: number | undefined;
}

/** The records of a session, oldest first. */
export async function* recordsOf(api: Api, id: string, wish: ReadingWish): AsyncGenerator<Recorded> {
  for await (const line of linesOf(api, id, 'jsonl', wish)) {
    const record = JSON.parse(line) as Recorded;
    if (wish.channel === undefined || record.channel === wish.channel || record.kind === 'gap') yield record;
  }
}

export function linesOf(api: Api, id: string, as: string, { manner, from = '0' }: ReadingWish): AsyncIterable<string> {
  const query = new URLSearchParams({ as, manner, from });
  return api.lines(`/api/v1/recordings/${encodeURIComponent(id)}?${query.toString()}`);
}

/** The exact bytes of an output or input record. */
export function bytesOf({ text, base64 }: Recorded): Buffer {
  return text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text, 'utf8');
}

/** `1:23:45`, `2:30` or `90.5` as seconds. */
export function secondsOf(time: string): string {
  const parts = /^(?:(?:(\d{1,5}):)?(\d{1,5}):)?(\d{1,9}(?:\.\d{1,3})?)$/.exec(time);
  if (parts === null) throw new UsageError('--from takes a time since the start, like 1:23:45, 2:30 or 90');
  const [hours = '0', minutes = '0', seconds = '0'] = parts.slice(1);
  const all = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  return String(Math.round(all * 1_000) / 1_000);
}

export function channelOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError('--channel takes the number of a channel, 0 for the first');
}
