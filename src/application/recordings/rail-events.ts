import type { SessionEvent } from '../../domain/session/events.ts';
import type { StoredEvent } from '../../domain/kernel/event.ts';
import type { RailEvent } from '../ports/replays.ts';

/** What a session's stream tells beside its recording: channels that were refused, pages that came back, and the end. */
export function railEvents(stored: readonly StoredEvent[], startedAt: string): readonly RailEvent[] {
  const start = Date.parse(startedAt);
  return stored.flatMap<RailEvent>(({ type, data, metadata }) => {
    const at = Math.max(0, Date.parse(metadata.at) - start);
    // Stored types and their data belong together.
    const fact = { type, data } as SessionEvent;
    if (fact.type === 'ChannelRefused') return [{ at, kind: 'denied', what: fact.data.kind, name: fact.data.name }];
    if (fact.type === 'TerminalAttached')
      return [{ at, kind: 'attached', source: fact.data.source, client: fact.data.client }];
    if (fact.type === 'SessionEndOrdered') return [{ at, kind: 'end-ordered' }];
    if (fact.type === 'SessionEnded') return [{ at, kind: 'session-ended', reason: fact.data.reason }];
    return [];
  });
}
