import { builder } from './builder.ts';
import { ConnectWayRef, usualCaFile, waysTo } from './connect-way.ts';
import { ProtocolRef, ReachRef } from './refs.ts';

builder.objectType(ReachRef, {
  description: 'One account of one target, and whether a session on it would open now.',
  authScopes: { self: true },
  fields: (t) => ({
    id: t.exposeID('accountId', { description: 'Of the account: `account-<uuid>`.' }),
    targetId: t.exposeID('targetId'),
    target: t.exposeString('target'),
    account: t.exposeString('account'),
    protocol: t.field({ type: ProtocolRef, resolve: ({ protocol }) => protocol }),
    login: t.exposeString('login', { description: 'The login name that leads there, at the proxy of its protocol.' }),
    allowed: t.exposeBoolean('allowed'),
    reason: t.exposeString('reason', { nullable: true, description: 'Why not.' }),
    advice: t.exposeString('advice', { nullable: true, description: 'What to do about it, or whom to ask.' }),
    asks: t.exposeString('asks', {
      nullable: true,
      description: 'The reason that will be asked for, when that may be all that stands against it.',
    }),
    recording: t.exposeString('recording', {
      nullable: true,
      description: 'required, strict, preferred or off; null while the entitlement does not open it.',
    }),
    browser: t.boolean({
      description: 'Whether a terminal in the browser opens it.',
      resolve: ({ protocol }) => protocol === 'ssh',
    }),
    labels: t.field({ type: 'JSON', description: 'Of the target.', resolve: ({ labels }) => labels }),
    favourite: t.exposeBoolean('favourite'),
    lastUsedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When you last opened a session there; null: not among your newest 500.',
      resolve: ({ lastUsedAt }) => lastUsedAt,
    }),
    connect: t.field({
      type: [ConnectWayRef],
      description: 'How native clients get there, the usual one first; empty while the door of the protocol is shut.',
      args: {
        caFile: t.arg.string({
          defaultValue: usualCaFile,
          description: 'Where the client finds the CA of this installation; the lines of databases name it.',
        }),
      },
      resolve: (entry, { caFile }, { doors }) => waysTo(entry, doors, caFile ?? usualCaFile),
    }),
  }),
});
