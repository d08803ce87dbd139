import { setImmediate } from 'node:timers/promises';
import type { EventFilter } from '../../application/ports/event-log.ts';
import type { AuditTrailRow } from '../../application/ports/read-models.ts';
import type { Comparison } from '../../application/ports/views.ts';
import type { StoredEvent } from '../../domain/kernel/event.ts';
import type { GraphqlContext } from './context.ts';
import { freshen } from './paging.ts';

type Trail = GraphqlContext['application']['views']['auditTrail'];
type Where = Comparison<AuditTrailRow>;

/** Which part of the trail: so many events behind a position, from either end. */
export interface TrailPage {
  readonly after: string | null;
  readonly limit: number;
  readonly newest: boolean;
}

/** Rows that are looked through at once for those of the wished kinds. */
const slice = 1_000;

/**
 * A page of events by what the audit trail knows of them. Each question is answered from one index in the order of the log,
 * however many kinds of events are wished: of several values of a column at once all that ever happened would be sorted.
 */
export async function byTrail(
  context: GraphqlContext,
  trail: Where,
  filter: EventFilter,
  page: TrailPage,
): Promise<readonly StoredEvent[]> {
  const { views, log } = context.application;
  await freshen(context, views.auditTrail);
  const where = { ...trail, ...positionsWithin(views.auditTrail, trail.at) };
  const found: string[] = [];
  for (const lead of leadsOf(trail, filter)) {
    found.push(...(await walk(views.auditTrail, { ...where, ...lead }, filter, page, context.signal)));
  }
  const positions = found.sort((a, b) => (a < b === page.newest ? 1 : -1)).slice(0, page.limit);
  const events = await log.readAt(positions);
  return page.newest ? events.toReversed() : events;
}

/** What leads into an index: a person, target or session by itself, else each type, or each category, in turn. */
function leadsOf({ userId, targetId, sessionId }: Where, { types, categories }: EventFilter): readonly Where[] {
  const isLed = [userId, targetId, sessionId].some((id) => id !== undefined);
  if (!isLed && types !== undefined) return [...new Set(types)].map((type) => ({ type }));
  if (!isLed && categories !== undefined) return [...new Set(categories)].map((category) => ({ category }));
  return [{}];
}

/** The first rows in order of the log that are of the wished kinds. */
async function walk(
  trail: Trail,
  where: Where,
  { types, categories }: EventFilter,
  { after, limit, newest }: TrailPage,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const fits = ({ type, category }: AuditTrailRow): boolean =>
    (types?.includes(type) ?? true) && (categories?.some((one) => one === category) ?? true);
  const isPicked =
    (types !== undefined && where.type === undefined) || (categories !== undefined && where.category === undefined);
  const most = isPicked ? Math.max(slice, limit) : limit;
  const found: string[] = [];
  let last = after;
  do {
    const place = last === null ? {} : { after: { value: last, key: last } };
    const rows = trail.find({ where, orderBy: 'position', descending: newest, limit: most, ...place });
    found.push(...rows.filter(fits).map(({ position }) => position));
    last = rows.length < most ? null : (rows.at(-1)?.position ?? null);
    // Others have their turn.
    await setImmediate();
  } while (last !== null && found.length < limit && !signal.aborted);
  return found.slice(0, limit);
}

/** No command takes so long from reading the clock to its event: positions follow times but for this. */
const slackMilliseconds = 600_000;

/** Where in the log events of these times are, so that a page begins there and not at the first event. */
function positionsWithin(trail: Trail, at: Where['at']): Where {
  const { above, below } = (at ?? {}) as { readonly above?: string; readonly below?: string };
  const moved = (time: string, by: number): string => new Date(Date.parse(time) + by).toISOString();
  const [before] = above
    ? trail.find({
        where: { at: { below: moved(above, -slackMilliseconds) } },
        orderBy: 'at',
        descending: true,
        limit: 1,
      })
    : [];
  const [behind] = below
    ? trail.find({ where: { at: { above: moved(below, slackMilliseconds) } }, orderBy: 'at', limit: 1 })
    : [];
  if (before === undefined && behind === undefined) return {};
  return {
    position: {
      ...(before === undefined ? {} : { above: before.position }),
      ...(behind === undefined ? {} : { below: behind.position }),
    },
  };
}
