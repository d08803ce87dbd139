import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { builder } from './builder.ts';
import { targetOf, userOf } from './lookups.ts';
import { ProtocolRef, TargetRef, TokenRef, UserRef } from './refs.ts';

builder.node(TokenRef, {
  description: 'A live temporary token. Its secret is shown once, when it is issued.',
  id: { resolve: (token) => token.id },
  isTypeOf: (value) =>
    typeof value === 'object' && value !== null && 'id' in value && isStreamIdOf('token', String(value.id)),
  authScopes: (token) => ({ self: token.userId, auditor: true, admin: true }),
  fields: (t) => ({
    user: t.field({ type: UserRef, resolve: ({ userId }, _args, context) => userOf(context, userId) }),
    protocols: t.field({
      type: [ProtocolRef],
      nullable: true,
      description: 'Null: all.',
      resolve: (token) => token.protocols,
    }),
    target: t.field({
      type: TargetRef,
      nullable: true,
      description: 'Null: all.',
      resolve: ({ targetId }, _args, context) => (targetId === null ? null : targetOf(context, targetId)),
    }),
    issuedAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: async ({ id, row }, _args, { application }) =>
        row?.issuedAt ?? (await application.log.readStream(id))[0]?.metadata.at ?? null,
    }),
    expiresAt: t.field({ type: 'DateTime', resolve: (token) => token.expiresAt }),
    lastUsedAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ row }) => row?.lastUsedAt ?? null }),
    lastUsedFrom: t.string({ nullable: true, resolve: ({ row }) => row?.lastUsedFrom ?? null }),
    uses: t.int({ description: 'Sessions opened with it.', resolve: ({ row }) => row?.uses ?? 0 }),
  }),
});
