import type { EventMetadata } from '../../domain/kernel/event.ts';
import { builder } from './builder.ts';
import { EventRef } from './refs.ts';

const MetadataRef = builder.objectRef<EventMetadata>('EventMetadata');

// Whoever is given an event may read all of it: the fields that give events decide (`events`, `Session.events`).
const reader = { self: true, auditor: true } as const;

builder.objectType(MetadataRef, {
  authScopes: reader,
  fields: (t) => ({
    at: t.field({ type: 'DateTime', resolve: ({ at }) => at }),
    actor: t.field({
      type: 'JSON',
      description: '{kind: "user", userId} or {kind: "system", nodeId} or {kind: "unknown", source}.',
      resolve: ({ actor }) => actor,
    }),
    correlationId: t.exposeString('correlationId'),
    causationId: t.exposeString('causationId', { nullable: true }),
  }),
});

builder.objectType(EventRef, {
  description: 'A stored event, in its newest schema version.',
  authScopes: reader,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'A uuid; an event is not a node of its own.' }),
    position: t.exposeString('position', { description: 'Its place in the log: the cursor to go on after.' }),
    stream: t.exposeID('stream'),
    streamVersion: t.exposeInt('streamVersion'),
    type: t.exposeString('type'),
    schemaVersion: t.exposeInt('schemaVersion'),
    data: t.field({ type: 'JSON', resolve: ({ data }) => data }),
    metadata: t.field({ type: MetadataRef, resolve: ({ metadata }) => metadata }),
  }),
});
