import type { ChunkPlace, RecordingReader, Walked } from '../../../application/ports/recordings.ts';
import { ChannelScreen, type ScreenState } from './channel-screen.ts';
import { keptScreens, type ScreensTable } from './screens-file.ts';
import { isDrawn, spacing, type SurveyedFile } from './survey.ts';

export interface ScreenAt {
  readonly state: ScreenState;
  /** The first record that it does not show. */
  readonly next: number;
}

/** `absent`: none is kept of this channel, however often a survey goes there. Null: a survey has to go there first. */
export type FoundScreen = ScreenAt | 'absent' | null;

/** What a seek goes through at the most: a survey that is as far makes it less. */
const most = { bytes: spacing.bytes * 3, records: spacing.records * 3 };

/**
 * The screen of a channel at a moment: from the nearest one that is kept, or from the start, through all that came up to
 * then, unless that is too much.
 */
export async function screenAt(
  { reader, uuid, key, screensPath }: SurveyedFile,
  channel: number,
  milliseconds: number,
): Promise<FoundScreen> {
  const chunks = await reader.chunks();
  const kept = await keptScreens(screensPath, uuid, key, chunks);
  const place = kept?.table.places.findLast((each) => each.channel === channel && each.at <= milliseconds);
  const state = place === undefined ? undefined : await kept?.state(place);
  const from = state === undefined || state === null ? 0 : (place?.record ?? 0);
  const screen = new ChannelScreen(state ?? undefined);
  try {
    const next = await play(reader.walk({ record: from }, chunks), screen, { channel, milliseconds, from });
    if (next !== null) return { state: await screen.state(), next };
    const isDamaged = place !== undefined && state === null;
    if (kept === null || isDamaged || !hasSeen(kept.table, milliseconds, chunks)) return null;
    // What comes behind the end of a channel changes nothing.
    return state?.ended === true ? { state, next: await firstAfter(reader, milliseconds, chunks) } : 'absent';
  } finally {
    screen.dispose();
  }
}

/** Whether a survey went by this moment already. */
function hasSeen({ chunk }: ScreensTable, milliseconds: number, chunks: readonly ChunkPlace[]): boolean {
  return chunk.chunk === chunks.at(-1)?.chunk || chunk.toMilliseconds > milliseconds;
}

async function firstAfter(
  reader: RecordingReader,
  milliseconds: number,
  chunks: readonly ChunkPlace[],
): Promise<number> {
  let next = 0;
  for await (const { number, entry } of reader.walk({ milliseconds }, chunks)) {
    next = number + 1;
    if (entry.kind !== 'gap' && entry.at > milliseconds) return number;
  }
  return next;
}

async function play(
  records: AsyncIterable<Walked>,
  screen: ChannelScreen,
  { channel, milliseconds, from }: { readonly channel: number; readonly milliseconds: number; readonly from: number },
): Promise<number | null> {
  let next = from;
  let [bytes, seen] = [0, 0];
  for await (const { number, entry } of records) {
    if (entry.kind === 'gap') continue;
    if (entry.at > milliseconds) return number;
    next = number + 1;
    bytes += entry.data.length;
    seen += 1;
    if (bytes > most.bytes || seen > most.records) return null;
    if (entry.channel === channel && isDrawn(entry.kind)) await screen.take(entry);
  }
  return next;
}
