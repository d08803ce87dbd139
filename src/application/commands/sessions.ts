import type { Protocol } from '../../domain/kernel/door.ts';
import type { SessionId } from '../../domain/kernel/ids.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import { sessionDecider } from '../../domain/session/decider.ts';
import type { SessionState } from '../../domain/session/state.ts';
import type { Application, ReadingFormat, ReadingManner, Refused, Viewer } from '../ports/application-face.ts';
import type { ReadingStart, RecordingReader, Recordings } from '../ports/recordings.ts';
import { viewerContext } from './logins.ts';
import { type CommandTools, readState, StreamWriter } from './run-command.ts';
import { refused } from './passes.ts';

export interface SessionTools {
  readonly tools: CommandTools;
  readonly recordings: Recordings;
  /** Turns a recording into lines; `startedAt` is when the session was admitted. */
  readonly exportLines: (
    reader: RecordingReader,
    wish: {
      readonly format: ReadingFormat;
      readonly follow: AbortSignal | null;
      readonly from: ReadingStart;
      readonly startedAt: string;
      readonly title: string;
    },
  ) => AsyncIterable<string>;
}

/** `user` owns it, or the viewer may audit. Absent and foreign read the same. */
export function mayReadRecording(
  viewer: Viewer,
  state: SessionState,
): state is Extract<SessionState, { status: 'open' | 'ended' }> {
  if (state.status !== 'open' && state.status !== 'ended') return false;
  return state.session.userId === viewer.userId || viewer.permissions.includes('audit');
}

export function absentSession(sessionId: string): Refused {
  return refused('absent', `there is no session ${sessionId} that you may see; \`sallyport sessions list\` shows them`);
}

const longestMessage = 500;

/** Orders the end of a live session: an own one, or with `operate` or `administer` anybody's. */
export async function endSession(
  deps: SessionTools,
  viewer: Viewer,
  sessionId: SessionId,
  message: string | null,
): ReturnType<Application['endSession']> {
  if ((message?.length ?? 0) > longestMessage) {
    return refused('invalid-message', `a message has ${String(longestMessage)} characters at the most; shorten it`);
  }
  const { state } = await readState(deps.tools.log, sessionDecider, sessionId);
  const may = viewer.permissions.includes('operate') || viewer.permissions.includes('administer');
  if (state.status === 'absent' || state.status === 'refused' || (state.session.userId !== viewer.userId && !may)) {
    return absentSession(sessionId);
  }
  if (state.status === 'ended') return refused('ended', `session ${sessionId} has ended already (${state.end.reason})`);
  const stream = new StreamWriter(deps.tools, sessionDecider, sessionId);
  const result = await stream.run(viewerContext(deps, viewer), {
    type: 'order-end',
    message: message === null ? null : visibleText(message),
  });
  return result.ok ? { ok: true } : refused(result.rejection.code, result.rejection.message);
}

const databases: ReadonlySet<Protocol> = new Set<Protocol>(['postgres', 'mysql']);

/** The lines of a recording; that it is read is an event before the first line is given. */
export async function readRecording(
  deps: SessionTools,
  viewer: Viewer,
  sessionId: SessionId,
  manner: ReadingManner,
  format: ReadingFormat,
  signal: AbortSignal,
  from: ReadingStart,
): ReturnType<Application['readRecording']> {
  const { state } = await readState(deps.tools.log, sessionDecider, sessionId);
  if (!mayReadRecording(viewer, state)) return absentSession(sessionId);
  if (format === 'asciicast' && databases.has(state.session.protocol)) {
    const message = `session ${sessionId} is one at a database and has no screen for an asciicast; read it as text or jsonl`;
    return refused('wrong-format', message);
  }
  const reader = await deps.recordings.open(sessionId);
  if (reader === null)
    return refused('absent', `session ${sessionId} has no recording (recording: ${state.session.recording})`);
  const stream = new StreamWriter(deps.tools, sessionDecider, sessionId);
  const noted = await stream.run(viewerContext(deps, viewer), { type: 'read-recording', sessionId, manner, format });
  if (!noted.ok) return refused(noted.rejection.code, noted.rejection.message);
  const [opened] = await deps.tools.log.readStream(sessionId);
  const lines = deps.exportLines(reader, {
    format,
    follow: manner === 'follow' && state.status === 'open' ? signal : null,
    from,
    startedAt: opened?.metadata.at ?? '',
    title: `${state.session.accountName}@${state.session.targetName}`,
  });
  return { ok: true, lines };
}
