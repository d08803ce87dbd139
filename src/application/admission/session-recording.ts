import type { Recordings, RecordingWriter } from '../ports/recordings.ts';
import type { ProcessLog } from '../ports/system.ts';
import type { AuthorizedSession } from './authorized-session.ts';

/** The recording of a session that is about to open; null when there is none, and need not be. */
export async function createRecording(
  { recordings, processLog }: { readonly recordings: Recordings; readonly processLog: ProcessLog },
  { sessionId, admittedAt, recording }: AuthorizedSession,
): Promise<RecordingWriter | null | 'failed'> {
  if (recording === 'off') return null;
  try {
    return await recordings.create(sessionId, admittedAt, recording === 'strict');
  } catch (error) {
    processLog.error('a recording could not be created', { sessionId, error: String(error) });
    return recording === 'preferred' ? null : 'failed';
  }
}
