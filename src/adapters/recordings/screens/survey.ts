import type { KeyObject } from 'node:crypto';
import type { ChunkPlace, RecordEntry, RecordingReader } from '../../../application/ports/recordings.ts';
import { jsonOf } from '../record-data.ts';
import { ChannelScreen, type ScreenState } from './channel-screen.ts';
import { keptScreens, type ScreenPlace, ScreensWriter } from './screens-file.ts';

/** A screen is kept for each so many bytes of a recording's records, or so many records: what a seek has to go through at the most. */
export const spacing = { bytes: 4 << 20, records: 40_000 };
/**
 * Channels whose screens are computed side by side, and the cells of all their terminals, of 12 bytes each outside of the heap.
 * What further channels show at the same time, and one that grows beyond this, is in the records alone.
 */
const mostScreens = 16;
const mostCells = 8 << 20;

export interface SurveyedFile {
  readonly reader: RecordingReader;
  readonly uuid: string;
  readonly key: KeyObject;
  readonly screensPath: string;
}

interface Watched {
  readonly screen: ChannelScreen;
  /** Bytes and records since its screen was kept. */
  bytes: number;
  records: number;
  /** It showed something since. */
  changed: boolean;
  /** Records before this one are in it already. */
  readonly from: number;
}

/** Channels of a survey. */
interface Channels {
  /** These have a terminal. */
  readonly watched: Map<number, Watched>;
  /** These had one; they get none before they start anew, and not for a record before this one. */
  readonly over: Map<number, number>;
}

/**
 * Goes through what is sealed of a recording and keeps the screen of each channel every so often, from where an earlier
 * survey stopped. `progress` gets how many bytes of the file are done.
 */
export async function survey(
  { reader, uuid, key, screensPath }: SurveyedFile,
  progress: (done: number, of: number) => void,
): Promise<void> {
  const chunks = await reader.chunks();
  const last = chunks.at(-1);
  if (last === undefined) return;
  const writer = await ScreensWriter.create(screensPath, uuid, key);
  try {
    const channels = await resumed(await keptScreens(screensPath, uuid, key, chunks), writer);
    try {
      await goThrough(reader, chunks, last, channels, writer, progress);
    } finally {
      for (const { screen } of channels.watched.values()) screen.dispose();
    }
    await writer.finish(last);
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** Takes over what was kept before; the newest screen of each channel that is not over goes on. */
async function resumed(kept: Awaited<ReturnType<typeof keptScreens>>, writer: ScreensWriter): Promise<Channels> {
  const newest = new Map<number, readonly [ScreenPlace, ScreenState]>();
  const over = new Map<number, number>();
  for (const place of kept?.table.places ?? []) {
    const state = await kept?.state(place);
    // The rest is computed anew from here.
    if (state === null || state === undefined) break;
    await writer.add(place, state);
    newest.delete(place.channel);
    over.delete(place.channel);
    if (place.ended) over.set(place.channel, place.record);
    else newest.set(place.channel, [place, state]);
  }
  const watched = new Map([...newest].map(([channel, [place, state]]) => [channel, watch(state, place.record)]));
  return { watched, over };
}

function watch(state: ScreenState | undefined, from: number): Watched {
  return { screen: new ChannelScreen(state), bytes: 0, records: 0, changed: false, from };
}

/** The first record that a screen still misses. */
function startOf({ watched, over }: Channels): number {
  const missed = watched.size > 0 ? [...watched.values()].map(({ from }) => from) : [...over.values()];
  return missed.reduce((least, from) => Math.min(least, from), missed[0] ?? 0);
}

async function goThrough(
  reader: RecordingReader,
  chunks: readonly ChunkPlace[],
  last: ChunkPlace,
  channels: Channels,
  writer: ScreensWriter,
  progress: (done: number, of: number) => void,
): Promise<void> {
  const { watched, over } = channels;
  const end = last.firstRecord + last.records;
  let chunk = 0;
  let at = 0;
  const keep = async (channel: number, one: Watched, record: number, isOver = false): Promise<void> => {
    const state = await one.screen.state();
    await writer.add({ channel, record, at, ended: isOver }, state);
    Object.assign(one, { bytes: 0, records: 0, changed: false });
    if (!isOver) return;
    // Its cells are outside of the heap: a recording may have any number of channels.
    one.screen.dispose();
    watched.delete(channel);
    over.set(channel, record);
  };
  for await (const { number, entry } of reader.walk({ record: startOf(channels) }, chunks)) {
    if (number >= end) break;
    while ((chunks[chunk]?.firstRecord ?? Infinity) <= number) chunk += 1;
    if (number % 256 === 0) progress(chunks[chunk - 1]?.offset ?? 0, last.offset + last.bytes);
    const { channel, kind, data } = entry;
    if (kind === 'gap') continue;
    let one = watched.get(channel);
    if (one === undefined && watched.size < mostScreens && beginsWith(entry, number, over.get(channel))) {
      one = watch(undefined, number);
      watched.set(channel, one);
      over.delete(channel);
      // So that nobody looks for its beginning.
      if (number > 0) await keep(channel, one, number);
    }
    ({ at } = entry);
    if (one !== undefined && number >= one.from && isDrawn(kind)) {
      await one.screen.take(entry);
      one.changed = true;
      if (one.screen.ended || isTooMuch(watched)) await keep(channel, one, number + 1, true);
    }
    for (const [each, other] of watched) {
      if (number < other.from) continue;
      other.bytes += data.length;
      other.records += 1;
      if (other.bytes >= spacing.bytes || other.records >= spacing.records) await keep(each, other, number + 1);
    }
  }
  for (const [channel, one] of watched) if (one.changed) await keep(channel, one, end);
}

/** Whether a channel gets a terminal with this record; `over`: it had one up to there. */
function beginsWith(entry: RecordEntry, number: number, over: number | undefined): boolean {
  if (over === undefined) return isDrawn(entry.kind);
  return number >= over && entry.kind === 'channel' && jsonOf(entry)?.event === 'started';
}

function isTooMuch(watched: ReadonlyMap<number, Watched>): boolean {
  return [...watched.values()].reduce((sum, { screen }) => sum + screen.cells, 0) > mostCells;
}

export function isDrawn(kind: string): boolean {
  return kind === 'output' || kind === 'stderr' || kind === 'resize' || kind === 'channel';
}
