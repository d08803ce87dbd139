import type { KeyObject } from 'node:crypto';
import type { ChunkPlace, RecordingReader } from '../../../application/ports/recordings.ts';
import { ChannelScreen, type ScreenState } from './channel-screen.ts';
import { keptScreens, type ScreenPlace, ScreensWriter } from './screens-file.ts';

/** A screen is kept for each so many bytes of a recording's records, or so many records: what a seek has to go through at the most. */
export const spacing = { bytes: 4 << 20, records: 40_000 };
/** Channels whose screens are computed side by side; what further ones show at the same time is in the records alone. */
const mostScreens = 16;

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
    const watched = await resumed(await keptScreens(screensPath, uuid, key, chunks), writer);
    await goThrough(reader, chunks, last, watched, writer, progress);
    await writer.finish(last);
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** Takes over what was kept before; the newest screen of each channel goes on. */
async function resumed(
  kept: Awaited<ReturnType<typeof keptScreens>>,
  writer: ScreensWriter,
): Promise<Map<number, Watched>> {
  const watched = new Map<number, Watched>();
  const newest = new Map<number, readonly [ScreenPlace, ScreenState]>();
  for (const place of kept?.table.places ?? []) {
    const state = await kept?.state(place);
    // The rest is computed anew from here.
    if (state === null || state === undefined) break;
    await writer.add(place, state);
    newest.set(place.channel, [place, state]);
  }
  for (const [channel, [place, state]] of newest) watched.set(channel, watch(state, place.record));
  return watched;
}

function watch(state: ScreenState | undefined, from: number): Watched {
  return { screen: new ChannelScreen(state), bytes: 0, records: 0, changed: false, from };
}

async function goThrough(
  reader: RecordingReader,
  chunks: readonly ChunkPlace[],
  last: ChunkPlace,
  watched: Map<number, Watched>,
  writer: ScreensWriter,
  progress: (done: number, of: number) => void,
): Promise<void> {
  const end = last.firstRecord + last.records;
  const live = [...watched.values()].filter(({ screen }) => !screen.ended);
  const start =
    watched.size === 0 ? 0 : Math.min(...(live.length === 0 ? [...watched.values()] : live).map(({ from }) => from));
  let chunk = 0;
  let at = 0;
  const keep = async (channel: number, one: Watched, record: number): Promise<void> => {
    await writer.add({ channel, record, at }, await one.screen.state());
    Object.assign(one, { bytes: 0, records: 0, changed: false });
  };
  for await (const { number, entry } of reader.walk({ record: start }, chunks)) {
    if (number >= end) break;
    while ((chunks[chunk]?.firstRecord ?? Infinity) <= number) chunk += 1;
    if (number % 256 === 0) progress(chunks[chunk - 1]?.offset ?? 0, last.offset + last.bytes);
    const { channel, kind, data } = entry;
    if (kind === 'gap') continue;
    let one = watched.get(channel);
    if (
      one === undefined &&
      isDrawn(kind) &&
      [...watched.values()].filter(({ screen }) => !screen.ended).length < mostScreens
    ) {
      one = watch(undefined, number);
      watched.set(channel, one);
      // So that nobody looks for its beginning.
      if (number > 0) await keep(channel, one, number);
    }
    ({ at } = entry);
    if (one !== undefined && number >= one.from && isDrawn(kind)) {
      await one.screen.take(entry);
      one.changed = true;
      if (one.screen.ended) await keep(channel, one, number + 1);
    }
    for (const [each, other] of watched) {
      if (other.screen.ended || number < other.from) continue;
      other.bytes += data.length;
      other.records += 1;
      if (other.bytes >= spacing.bytes || other.records >= spacing.records) await keep(each, other, number + 1);
    }
  }
  for (const [channel, one] of watched) {
    if (one.changed && !one.screen.ended) await keep(channel, one, end);
    one.screen.dispose();
  }
}

export function isDrawn(kind: string): boolean {
  return kind === 'output' || kind === 'stderr' || kind === 'resize' || kind === 'channel';
}
