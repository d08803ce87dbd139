import type { AuditTrailRow } from '../../application/ports/read-models.ts';
import type { Row, ViewDefinition } from '../../application/ports/views.ts';
import type { StoredEvent } from '../../domain/kernel/event.ts';
import type { Category, StreamId } from '../../domain/kernel/ids.ts';

/** A stream of these is one person's from its first event on, which names the person (and target) for all that follow. */
const ofOnePerson: readonly Category[] = ['session', 'token', 'key', 'login'];

/** Every event of the log in one row, of types that nobody here knows too: what an auditor looks for events by. */
export const auditTrail: ViewDefinition<AuditTrailRow> = {
  name: 'audit-trail',
  version: 3,
  key: 'position',
  columns: {
    position: 'text',
    eventId: 'text',
    type: 'text',
    stream: 'text',
    category: 'text',
    at: 'text',
    actorUserId: 'text',
    correlationId: 'text',
    userId: 'text',
    targetId: 'text',
    sessionId: 'text',
  },
  indexes: [
    ['sessionId'],
    ['stream'],
    ['correlationId'],
    ['userId'],
    ['actorUserId'],
    ['targetId'],
    ['type'],
    ['category'],
    ['at'],
  ],
  rowPer: 'event',
  handles: 'all',
  keys: (event) => [event.position],

  remember(event) {
    if (event.streamVersion !== 1 || !ofOnePerson.some((category) => isOf(category, event.stream))) return undefined;
    return { userId: named('user', event, 'userId'), targetId: named('target', event, 'targetId') };
  },

  apply(_row, event, _key, remembered) {
    const { at, actor, correlationId } = event.metadata;
    return {
      position: event.position,
      eventId: event.id,
      type: event.type,
      stream: event.stream,
      category: event.stream.slice(0, event.stream.indexOf('-')),
      at,
      actorUserId: actor.kind === 'user' ? actor.userId : null,
      correlationId,
      userId: named('user', event, 'userId') ?? idOf('user', remembered?.userId),
      targetId: named('target', event, 'targetId') ?? idOf('target', remembered?.targetId),
      sessionId: named('session', event, 'sessionId'),
    };
  },
};

/** The person, target or session that an event speaks of: the one whose stream it is in, else the one it names. */
function named<C extends Category>(category: C, event: StoredEvent, field: string): StreamId<C> | null {
  if (isOf(category, event.stream)) return event.stream;
  const { data } = event;
  if (typeof data !== 'object' || data === null) return null;
  return idOf(category, (data as Row)[field]);
}

function idOf<C extends Category>(category: C, value: unknown): StreamId<C> | null {
  return typeof value === 'string' && isOf(category, value) ? value : null;
}

/** By the beginning alone: this is asked three times for each event there ever was. */
function isOf<C extends Category>(category: C, text: string): text is StreamId<C> {
  return text.startsWith(category) && text[category.length] === '-';
}
