import type { StoredEvent } from '../../domain/kernel/event.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { cursorIn, type EventWish, logFilter } from './event-pages.ts';
import { EventTypesInput } from './filters.ts';
import { EventRef } from './refs.ts';

/** Events after a position as they come; ends with the login, or when it may no longer audit. */
async function* eventsAfter(
  context: GraphqlContext,
  wish: EventWish,
  after: string | null,
): AsyncGenerator<StoredEvent> {
  const filter = logFilter(wish);
  if (filter === null) return;
  const { signal } = context;
  for await (const item of context.application.log.subscribeAll({ after, filter, signal })) {
    if (item.kind !== 'events') continue;
    const viewer = await context.refresh();
    if (viewer?.permissions.includes('audit') !== true) return;
    yield* item.events;
  }
}

builder.subscriptionField('events', (t) =>
  t.field({
    type: EventRef,
    description: 'Every event after a position, then each new one; resume by the last position, without gap or repeat.',
    authScopes: { auditor: true },
    args: {
      after: t.arg.string({ description: 'A position; null: from the first event.' }),
      filter: t.arg({ type: EventTypesInput }),
    },
    subscribe: async (_root, { after, filter }, context) =>
      eventsAfter(context, filter ?? {}, await cursorIn(context, after)),
    resolve: (event: StoredEvent) => event,
  }),
);
