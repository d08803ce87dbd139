import type { Position, StoredEvent } from '../../domain/kernel/event.ts';
import type { SessionId } from '../../domain/kernel/ids.ts';
import type { SessionEvent } from '../../domain/session/events.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { RailEvent, StreamMoment } from '../ports/replays.ts';

/** Events that are read from the log at once. */
const pageSize = 200;

/** A session's stream behind a position, as the rail takes it: page by page, as it is asked for. */
export async function* railEvents(
  log: Pick<EventLog, 'readStream'>,
  sessionId: SessionId,
  behind: Position | null,
  startedAt: string,
): AsyncGenerator<StreamMoment> {
  const start = Date.parse(startedAt);
  for (let after = behind; ; ) {
    const events = await log.readStream(sessionId, { after, limit: pageSize });
    for (const event of events) {
      const at = Math.max(0, Date.parse(event.metadata.at) - start);
      yield { position: event.position, at, told: toldOf(event, at) };
    }
    const last = events.at(-1);
    if (last === undefined || events.length < pageSize) return;
    after = last.position;
  }
}

/** What the stream tells beside the recording: channels that were refused, pages that came back, and the end. */
function toldOf({ type, data }: StoredEvent, at: number): RailEvent | null {
  // Stored types and their data belong together.
  const fact = { type, data } as SessionEvent;
  if (fact.type === 'ChannelRefused') return { at, kind: 'denied', what: fact.data.kind, name: fact.data.name };
  if (fact.type === 'TerminalAttached')
    return { at, kind: 'attached', source: fact.data.source, client: fact.data.client };
  if (fact.type === 'SessionEndOrdered') return { at, kind: 'end-ordered' };
  if (fact.type === 'SessionEnded') return { at, kind: 'session-ended', reason: fact.data.reason };
  return null;
}
