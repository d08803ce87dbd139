import { SallyportError } from '../../domain/kernel/errors.ts';
import type { StoredEvent } from '../../domain/kernel/event.ts';
import { categories, type Category, isStreamIdOf, type SessionId } from '../../domain/kernel/ids.ts';
import { nearest } from '../../domain/kernel/nearest.ts';
import { eventCatalogue } from '../../application/event-catalogue.ts';
import type { AuditTrailRow } from '../../application/ports/read-models.ts';
import type { EventFilter } from '../../application/ports/event-log.ts';
import type { Comparison } from '../../application/ports/views.ts';
import type { GraphqlContext } from './context.ts';
import { byTrail } from './event-trail.ts';
import { findTargetId, findUserId, isGiven } from './lookups.ts';
import { type Connection, connection, type PageArgs, pageSize } from './paging.ts';

export interface EventWish {
  readonly types?: readonly string[] | null | undefined;
  readonly categories?: readonly string[] | null | undefined;
  readonly user?: string | null | undefined;
  readonly target?: string | null | undefined;
  readonly session?: string | null | undefined;
  readonly since?: string | null | undefined;
  readonly until?: string | null | undefined;
}

const cursorOf = (event: StoredEvent): string => event.position;

/** Every stored event that fits, oldest or newest first; the cursor is the position. */
export async function eventPage(
  context: GraphqlContext,
  wish: EventWish,
  args: PageArgs,
  newest: boolean,
): Promise<Connection<StoredEvent>> {
  const size = pageSize(args);
  const after = await cursorIn(context, args.after);
  const filter = logFilter(wish);
  const trail = filter === null ? null : trailFilter(context, wish);
  if (filter === null || trail === null) return connection<StoredEvent>([], size, after, cursorOf);
  const events =
    Object.keys(trail).length === 0 && !newest
      ? await context.application.log.readAll({ after, limit: size + 1, filter })
      : await byTrail(context, trail, filter, { after, limit: size + 1, newest });
  return connection(events, size, after, cursorOf);
}

/** The events of a session's own stream. */
export async function sessionEvents(
  context: GraphqlContext,
  id: SessionId,
  args: PageArgs,
): Promise<Connection<StoredEvent>> {
  const size = pageSize(args);
  const after = await cursorIn(context, args.after);
  const events = await context.application.log.readStream(id, { after, limit: size + 1 });
  return connection(events, size, after, cursorOf);
}

/** A position to go on after, or null for the beginning. Error: kind `invalid` for what can be no position. */
export async function cursorIn(context: GraphqlContext, cursor: string | null | undefined): Promise<string | null> {
  if (!isGiven(cursor)) return null;
  const head = await context.application.log.head();
  if (/^[0-9a-z]+$/i.test(cursor) && cursor.length === head.length && cursor <= head) return cursor;
  throw new SallyportError(
    'invalid',
    'bad-cursor',
    '`after` is no position of this log; take it from an event or `logHead`.',
  );
}

/** What the log itself filters by; null: nothing can fit. Error: kind `invalid` for a type that no event is of. */
export function logFilter({ types, categories: named }: EventWish): EventFilter | null {
  for (const type of types ?? []) assertEventType(type);
  const known = named?.filter((name): name is Category => categories.some((category) => category === name));
  if (known?.length === 0 || types?.length === 0) return null;
  return { ...(known ? { categories: known } : {}), ...(types ? { types } : {}) };
}

function assertEventType(type: string): void {
  if (Object.hasOwn(eventCatalogue, type)) return;
  const near = nearest(type, Object.keys(eventCatalogue));
  const message = `no event is of the type ${JSON.stringify(type.slice(0, 64))}; did you mean ${near}?`;
  throw new SallyportError('invalid', 'unknown-event-type', message);
}

/** What only the audit trail knows; null: names somebody or something that is not there. */
function trailFilter(context: GraphqlContext, wish: EventWish): Comparison<AuditTrailRow> | null {
  const userId = isGiven(wish.user) ? findUserId(context, wish.user) : undefined;
  const targetId = isGiven(wish.target) ? findTargetId(context, wish.target) : undefined;
  const sessionId = isGiven(wish.session) ? wish.session : undefined;
  if (userId === null || targetId === null) return null;
  if (sessionId !== undefined && !isStreamIdOf('session', sessionId)) return null;
  const bounds = {
    ...(isGiven(wish.since) ? { above: new Date(Date.parse(wish.since) - 1).toISOString() } : {}),
    ...(isGiven(wish.until) ? { below: wish.until } : {}),
  };
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(targetId === undefined ? {} : { targetId }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(Object.keys(bounds).length === 0 ? {} : { at: bounds }),
  };
}
