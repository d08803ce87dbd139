import { createSecretKey } from 'node:crypto';
import type { ChunkPlace, RecordingReader } from '../../../application/ports/recordings.ts';
import type { Replay, Replays } from '../../../application/ports/replays.ts';
import type { Vault } from '../../../application/ports/vault.ts';
import type { SallyportError } from '../../../domain/kernel/errors.ts';
import { type RecordingFile, recordingFile } from '../file-recordings.ts';
import { recordingReader } from '../reader.ts';
import { sizeOf } from '../record-data.ts';
import { ScreenThread } from '../screens/screen-workers.ts';
import { railLines } from './rail.ts';
import { recordLines } from './record-lines.ts';
import { ShownText, type TextState } from './shown-text.ts';
import { Surveys } from './surveys.ts';

/** What all replays share: threads that compute, and what they compute now. */
interface Workshop {
  readonly seeks: ScreenThread;
  readonly searches: ScreenThread;
  readonly surveys: Surveys;
}

/** Recordings as a player reads them. What one opening learned it keeps for its later reads. */
export function fileReplays(
  dataFolder: string,
  vault: Pick<Vault, 'open'>,
  onProblem: (error: SallyportError) => void,
): Replays & { close(): Promise<void> } {
  const seeks = new ScreenThread(5, onProblem);
  const searches = new ScreenThread(10, onProblem);
  const surveys = new Surveys(() => performance.now(), onProblem);
  return {
    async open(sessionId) {
      const file = await recordingFile(dataFolder, vault, sessionId);
      return file === null ? null : replayOf(file, { seeks, searches, surveys });
    },
    async prepare(sessionId) {
      const file = await recordingFile(dataFolder, vault, sessionId);
      if (file !== null) await surveys.prepare(file);
    },
    async close() {
      await Promise.all([seeks.close(), searches.close(), surveys.close()]);
    },
  };
}

function replayOf(file: RecordingFile, { seeks, searches, surveys }: Workshop): Replay {
  const reader = recordingReader(file.path, file.uuid, createSecretKey(file.key));
  const texts = new TextPlaces();
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
      const text = new ShownText('record' in wish.from ? texts.at(wish.from.record) : []);
      const records = reader.walk(wish.from, sealed, wish.follow ?? undefined);
      yield* recordLines(records, wish, live, text, (next) => texts.keep(next, text.states()));
    },
    async *rail(start, most, events, live) {
      const sealed = await chunks();
      yield* railLines(reader.walk({ record: start.record }, sealed), { start, most, events, live });
    },
    statements: (wish, live, signal) => seeks.lines({ kind: 'statements', file, wish, live }, signal),
    search: (wish, signal) => searches.lines({ kind: 'search', file, ...wish }, signal),
    async screen(channel, at, signal) {
      const found = await seeks.run({ kind: 'screen', file, channel, at }, { signal });
      // Too far from the start, or from what is kept: that has to be computed first, once for everybody.
      if (found === null) return { computing: surveys.begin(file) };
      if (found === 'absent') return null;
      const { text, ...state } = found.state;
      texts.keep(found.next, text);
      return { ...state, at, channel, next: found.next };
    },
  };
}

/** Where the output stands before a record at which an answer ended, so that the next one goes on in the middle of a sequence. */
class TextPlaces {
  readonly #states = new Map<number, readonly TextState[]>();

  at(record: number): readonly TextState[] {
    return this.#states.get(record) ?? [];
  }

  keep(record: number, states: readonly TextState[]): void {
    this.#states.delete(record);
    this.#states.set(record, states);
    if (this.#states.size > mostPlaces) this.#states.delete(this.#states.keys().next().value ?? record);
  }
}

const mostPlaces = 64;

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
