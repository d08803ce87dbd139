import { personalText } from '../../domain/kernel/personal.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { builder } from './builder.ts';
import { has } from './context.ts';
import { keyShape, tokenShape } from './lookups.ts';
import { viewPage } from './paging.ts';
import { pageArgs } from './page-args.ts';
import { KeyConnection, SessionConnection, TokenConnection, type UserShape, UserRef } from './refs.ts';

const own = (user: UserShape) => ({ self: user.id });

builder.node(UserRef, {
  description: 'A person. `viewer` is the one who asks.',
  id: { resolve: (user) => user.id },
  isTypeOf: (value) => isStreamIdOf('user', idIn(value)),
  authScopes: (user) => ({ self: user.id, auditor: true, admin: true }),
  fields: (t) => ({
    name: t.exposeString('name', {
      description: 'The login name. Operators see it too: live sessions are listed by it.',
      skipTypeScopes: true,
      authScopes: (user, _args, context) => ({
        self: has(context, 'operate') ? true : user.id,
        auditor: true,
        admin: true,
      }),
    }),
    email: t.string({ nullable: true, resolve: ({ row }) => (row?.email ? personalText(row.email) : null) }),
    groups: t.stringList({ resolve: ({ row }) => row?.groups ?? [] }),
    roles: t.stringList({
      resolve: ({ id, row }, _args, { viewer }) => (id === viewer.userId ? viewer.roles : (row?.roles ?? [])),
    }),
    disabled: t.boolean({ resolve: ({ row }) => row?.disabled === 1 }),
    removed: t.boolean({ resolve: ({ row }) => row?.removed === 1 }),
    createdAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ row }) => row?.createdAt ?? null }),
    permissions: t.stringList({
      description: 'What the roles permit. Your own only.',
      authScopes: own,
      resolve: (_user, _args, { viewer }) => viewer.permissions,
    }),
    tokens: t.field({
      type: TokenConnection,
      description: 'Live temporary tokens.',
      args: pageArgs(t),
      resolve: async ({ id }, args, context) => {
        const where = { userId: id, expiresAt: { above: new Date().toISOString() } };
        const { activeTokens } = context.application.views;
        const page = await viewPage(context, activeTokens, { where, orderBy: 'issuedAt', key: 'tokenId' }, args);
        return { ...page, edges: page.edges.map(({ cursor, node }) => ({ cursor, node: tokenShape(node) })) };
      },
    }),
    keys: t.field({
      type: KeyConnection,
      description: 'Public keys that are live passes for SSH.',
      args: pageArgs(t),
      resolve: async ({ id }, args, context) => {
        const where = { userId: id, expiresAt: { above: new Date().toISOString() } };
        const { activeKeys } = context.application.views;
        const page = await viewPage(context, activeKeys, { where, orderBy: 'issuedAt', key: 'keyId' }, args);
        return { ...page, edges: page.edges.map(({ cursor, node }) => ({ cursor, node: keyShape(node) })) };
      },
    }),
    sessions: t.field({
      type: SessionConnection,
      args: pageArgs(t),
      resolve: async ({ id }, args, context) => {
        const query = { where: { userId: id }, orderBy: 'startedAt', key: 'sessionId' } as const;
        return viewPage(context, context.application.views.sessionHistory, query, args);
      },
    }),
  }),
});

function idIn(value: unknown): string {
  return typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : '';
}
