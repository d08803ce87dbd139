import { createSecretKey } from 'node:crypto';
import type { Computing } from '../../../application/ports/replays.ts';
import type { RecordingFile } from '../file-recordings.ts';
import { recordingReader } from '../reader.ts';
import { ScreenThread } from '../screens/screen-workers.ts';

/** The lowest priority: nobody who works waits for it. */
const niceness = 19;
/** Below this a seek goes through the whole recording quickly enough. */
const worthwhile = { bytes: 2 << 20, records: 40_000 };

/** Surveys that run or wait for their turn, one for each recording. */
export class Surveys {
  readonly #thread = new ScreenThread(niceness);
  readonly #running = new Map<string, Computing>();

  /** Begins one unless there is one, and tells how far it is. What fails is begun anew by the next wish. */
  begin(file: RecordingFile): Computing {
    const running = this.#running.get(file.uuid);
    if (running !== undefined) return running;
    this.#running.set(file.uuid, { done: 0, of: 0 });
    const progress = (done: number, of: number): void => void this.#running.set(file.uuid, { done, of });
    this.#thread
      .run({ kind: 'survey', file }, { progress })
      .catch(() => null)
      .finally(() => this.#running.delete(file.uuid))
      .catch(() => null);
    return { done: 0, of: 0 };
  }

  async prepare(file: RecordingFile): Promise<void> {
    const chunks = await recordingReader(file.path, file.uuid, createSecretKey(file.key)).chunks();
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
    const records = chunks.reduce((sum, chunk) => sum + chunk.records, 0);
    if (bytes > worthwhile.bytes || records > worthwhile.records) this.begin(file);
  }

  async close(): Promise<void> {
    await this.#thread.close();
  }
}
