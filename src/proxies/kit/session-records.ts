import type { LiveSession } from '../../application/admission/door.ts';
import type { NewRecord, RecordKind } from '../../application/ports/recordings.ts';

/**
 * The recording of one session as a proxy writes it. Every call comes before the bytes it is about are passed on; a promise
 * says that they must wait. Rejects or throws only when the recording is a duty and can't be written.
 */
export interface SessionRecords {
  /** The place of the next record; null when nothing is recorded. */
  readonly next: number | null;
  write(kind: RecordKind, channel: number, data: NewRecord['data']): void | Promise<void>;
}

/** Times count from now on. */
export function sessionRecords({ recorder, authorized }: LiveSession): SessionRecords {
  if (recorder === null) return { next: null, write: () => {} };
  const start = performance.now();
  const bestEffort = authorized.recording === 'preferred';
  return {
    get next() {
      return recorder.records;
    },
    write(kind, channel, data) {
      const entry = { kind, channel, data, at: Math.round(performance.now() - start) };
      if (!bestEffort) return recorder.write(entry);
      try {
        return recorder.write(entry)?.catch(() => {});
      } catch {
        return undefined;
      }
    },
  };
}
