import { builder } from './builder.ts';
import { ProtocolRef, ReachRef } from './refs.ts';

builder.objectType(ReachRef, {
  description: 'One account of one target, and whether a session on it would open now.',
  authScopes: { self: true },
  fields: (t) => ({
    target: t.exposeString('target'),
    account: t.exposeString('account'),
    protocol: t.field({ type: ProtocolRef, resolve: ({ protocol }) => protocol }),
    login: t.exposeString('login', { description: 'The login name that leads there, at the proxy of its protocol.' }),
    allowed: t.exposeBoolean('allowed'),
    reason: t.exposeString('reason', { nullable: true, description: 'Why not.' }),
  }),
});
