import { builder } from './builder.ts';
import { ProtocolRef } from './refs.ts';

export const SessionFilterInput = builder.inputType('SessionFilter', {
  description: 'All that is given must hold. `user` and `target` are a name or an id.',
  fields: (t) => ({
    user: t.string(),
    target: t.string(),
    protocol: t.field({ type: ProtocolRef }),
    live: t.boolean({ description: 'true: still open; false: ended.' }),
    account: t.string({ description: 'The login on the target, or the id of the account.' }),
    search: t.string({ description: 'Words that must all be in the name or address of the person, in any case.' }),
    source: t.string({ description: 'The address it came from.' }),
    endReason: t.string(),
    since: t.field({ type: 'DateTime', description: 'Opened from this moment on.' }),
    until: t.field({ type: 'DateTime', description: 'Opened before this moment.' }),
  }),
});

export const EventFilterInput = builder.inputType('EventFilter', {
  description: 'All that is given must hold. `user` and `target` are a name or an id.',
  fields: (t) => ({
    types: t.stringList({ description: 'A type that no event is of is refused.' }),
    categories: t.stringList({ description: 'Of the stream: session, token, user …' }),
    user: t.string({ description: 'Whom the event speaks of, or in whose session, token, key or login it happened.' }),
    target: t.string({ description: 'Which the event speaks of, or on which its session was.' }),
    session: t.id(),
    since: t.field({ type: 'DateTime', description: 'From this moment on.' }),
    until: t.field({ type: 'DateTime', description: 'Before this moment.' }),
  }),
});

export const EventTypesInput = builder.inputType('EventSubscriptionFilter', {
  description: 'All that is given must hold.',
  fields: (t) => ({ types: t.stringList(), categories: t.stringList() }),
});

export const PassFilterInput = builder.inputType('PassFilter', {
  description: 'All that is given must hold.',
  fields: (t) => ({
    user: t.string({ description: 'A name or an id.' }),
    search: t.string({ description: 'Words that must all be in the name or address of the person, in any case.' }),
    since: t.field({ type: 'DateTime', description: 'Made from this moment on.' }),
    until: t.field({ type: 'DateTime', description: 'Made before this moment.' }),
  }),
});
