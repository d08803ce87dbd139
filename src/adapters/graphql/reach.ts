import { builder } from './builder.ts';
import { ProtocolRef, ReachRef } from './refs.ts';

builder.objectType(ReachRef, {
  description: 'One account of one target, and whether a session on it would open now.',
  authScopes: { self: true },
  fields: (t) => ({
    target: t.exposeString('target'),
    account: t.exposeString('account'),
    protocol: t.field({ type: ProtocolRef, resolve: ({ protocol }) => protocol }),
    allowed: t.exposeBoolean('allowed'),
    reason: t.exposeString('reason', { nullable: true, description: 'Why not.' }),
  }),
});
