import type { ChunkPlace, RecordingReader, Recordings } from '../../../application/ports/recordings.ts';
import type { Replay, Replays } from '../../../application/ports/replays.ts';
import { sizeOf } from '../record-data.ts';
import { railLines } from './rail.ts';
import { recordLines } from './record-lines.ts';

/** Recordings as a player reads them. What one opening learned of the chunks it keeps for its later reads. */
export function fileReplays(recordings: Recordings): Replays {
  return {
    async open(sessionId) {
      const reader = await recordings.open(sessionId);
      return reader === null ? null : replayOf(reader);
    },
  };
}

function replayOf(reader: RecordingReader): Replay {
  let known: readonly ChunkPlace[] = [];
  const chunks = async (): Promise<readonly ChunkPlace[]> => {
    if (known.at(-1)?.last !== true) known = await reader.chunks(known);
    return known;
  };
  return {
    async index(fromChunk) {
      const sealed = await chunks();
      const last = sealed.at(-1);
      return {
        startedAt: new Date(await reader.startedAt()).toISOString(),
        milliseconds: last?.toMilliseconds ?? 0,
        whole: last?.last === true,
        size: await firstSize(reader, sealed),
        count: last === undefined ? 0 : last.chunk + 1,
        chunks: sealed
          .filter(({ chunk }) => chunk >= fromChunk)
          .map(({ fromMilliseconds, toMilliseconds, bytes }) => [fromMilliseconds, toMilliseconds, bytes]),
      };
    },
    async *records(wish, live) {
      const sealed = await chunks();
      yield* recordLines(reader.walk(wish.from, sealed, wish.follow ?? undefined), wish, live);
    },
    async *rail(start, most, events, live) {
      const sealed = await chunks();
      yield* railLines(reader.walk({ record: start.record }, sealed), { start, most, events, live });
    },
  };
}

/** Records looked at for the terminal size. */
const mostAhead = 1_000;

async function firstSize(
  reader: RecordingReader,
  chunks: readonly ChunkPlace[],
): Promise<{ readonly columns: number; readonly rows: number } | null> {
  let seen = 0;
  for await (const { entry } of reader.walk({ record: 0 }, chunks)) {
    const size = sizeOf(entry);
    if (size !== undefined) return size;
    seen += 1;
    if (entry.kind === 'output' || seen >= mostAhead) return null;
  }
  return null;
}
