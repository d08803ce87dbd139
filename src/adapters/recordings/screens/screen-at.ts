import type { Walked } from '../../../application/ports/recordings.ts';
import { ChannelScreen, type ScreenState } from './channel-screen.ts';
import { keptScreens } from './screens-file.ts';
import { isDrawn, spacing, type SurveyedFile } from './survey.ts';

export interface ScreenAt {
  readonly state: ScreenState;
  /** The first record that it does not show. */
  readonly next: number;
}

/** What a seek goes through at the most: a survey that is as far makes it less. */
const most = { bytes: spacing.bytes * 3, records: spacing.records * 3 };

/**
 * The screen of a channel at a moment: from the nearest one that is kept, or from the start, through all that came up to
 * then. Null when that is too much: a survey has to go there first.
 */
export async function screenAt(
  { reader, uuid, key, screensPath }: SurveyedFile,
  channel: number,
  milliseconds: number,
): Promise<ScreenAt | null> {
  const chunks = await reader.chunks();
  const kept = await keptScreens(screensPath, uuid, key, chunks);
  const place = kept?.table.places.findLast((each) => each.channel === channel && each.at <= milliseconds);
  const state = place === undefined ? undefined : await kept?.state(place);
  const from = state === undefined || state === null ? 0 : (place?.record ?? 0);
  const screen = new ChannelScreen(state ?? undefined);
  try {
    const next = await play(reader.walk({ record: from }, chunks), screen, { channel, milliseconds, from });
    return next === null ? null : { state: await screen.state(), next };
  } finally {
    screen.dispose();
  }
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
