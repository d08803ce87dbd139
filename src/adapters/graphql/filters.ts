import { builder } from './builder.ts';
import { ProtocolRef } from './refs.ts';

export const SessionFilterInput = builder.inputType('SessionFilter', {
  description: 'All that is given must hold. `user` and `target` are a name or an id.',
  fields: (t) => ({
    user: t.string(),
    target: t.string(),
    protocol: t.field({ type: ProtocolRef }),
    live: t.boolean({ description: 'true: still open; false: ended.' }),
  }),
});

export const EventFilterInput = builder.inputType('EventFilter', {
  description: 'All that is given must hold. `user` and `target` are a name or an id.',
  fields: (t) => ({
    types: t.stringList(),
    categories: t.stringList({ description: 'Of the stream: session, token, user …' }),
    user: t.string({ description: 'Whom the event speaks of.' }),
    target: t.string(),
    session: t.id(),
    since: t.field({ type: 'DateTime', description: 'From this moment on.' }),
    until: t.field({ type: 'DateTime', description: 'Before this moment.' }),
  }),
});

export const EventTypesInput = builder.inputType('EventSubscriptionFilter', {
  description: 'All that is given must hold.',
  fields: (t) => ({ types: t.stringList(), categories: t.stringList() }),
});
