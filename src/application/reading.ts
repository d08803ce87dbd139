import { SallyportError } from '../domain/kernel/errors.ts';
import type { EventLog } from './ports/event-log.ts';
import type { Row, View, ViewQuery } from './ports/views.ts';

/** A view further behind than this for so long is taken as broken: the answer is a no. */
const deadlineMilliseconds = 5_000;

/** Resolves once the views have everything that was durable at the call. Errors: `unavailable`. */
export async function upToHead(log: EventLog, ...views: readonly Pick<View<never>, 'reached'>[]): Promise<void> {
  const head = await log.head();
  await Promise.all(views.map((view) => view.reached(head, deadlineMilliseconds)));
}

/** All rows that match, read page by page; more than `most` is an error, so that memory stays bounded. */
export function everyRow<R extends Row>(
  view: View<R>,
  key: keyof R & string,
  query: Omit<ViewQuery<R>, 'limit' | 'after' | 'orderBy'>,
  most = 100_000,
): readonly R[] {
  const rows: R[] = [];
  let after: { value: unknown; key: string } | undefined;
  for (;;) {
    const page = view.find({ ...query, orderBy: key, limit: 1_000, ...(after === undefined ? {} : { after }) });
    rows.push(...page);
    if (rows.length > most) {
      throw new SallyportError('limit', 'too-many-rows', `more than ${String(most)} rows match; narrow the question`);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < 1_000) return rows;
    after = { value: last[key], key: String(last[key]) };
  }
}
