import { categoryOf, type UserId } from '../../domain/kernel/ids.ts';
import { builder } from './builder.ts';
import { type GraphqlContext, mayReadAll, mayReadOf } from './context.ts';
import { eventPage } from './event-pages.ts';
import { EventFilterInput } from './filters.ts';
import { catalogueShape, keyShape, tokenShape, userOf } from './lookups.ts';
import { pageSize } from './paging.ts';
import { orderArg, pageArgs } from './page-args.ts';
import * as refs from './refs.ts';
import { sessionOf } from './session.ts';

/** What stands under a global id, as far as the viewer may read it; absent and not allowed look the same. */
async function loadNode(id: string, context: GraphqlContext): Promise<unknown> {
  const { views } = context.application;
  switch (categoryOf(id)) {
    case 'user': {
      const user = userOf(context, id as UserId);
      return mayReadOf(context, user.id) && (user.row !== undefined || user.id === context.viewer.userId) ? user : null;
    }
    case 'token': {
      const row = views.activeTokens.get(id);
      return row !== undefined && mayReadOf(context, row.userId) ? tokenShape(row) : null;
    }
    case 'key': {
      const row = views.activeKeys.get(id);
      return row !== undefined && mayReadOf(context, row.userId) ? keyShape(row) : null;
    }
    case 'session':
      return sessionOf(context, id);
    case 'target':
    case 'account':
    case 'entitlement':
    case 'policy': {
      const row = mayReadAll(context) ? views.targetCatalogue.get(id) : undefined;
      return row === undefined ? null : catalogueShape(row);
    }
    default:
      return null;
  }
}

builder.queryFields((t) => ({
  viewer: t.field({
    type: refs.UserRef,
    authScopes: { self: true },
    resolve: (_root, _args, context) => userOf(context, context.viewer.userId),
  }),
  node: t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    authScopes: { self: true },
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, context) => loadNode(id, context),
  }),
  nodes: t.field({
    type: [builder.nodeInterfaceRef()],
    nullable: { list: false, items: true },
    authScopes: { self: true },
    args: { ids: t.arg.idList({ required: true }) },
    resolve: async (_root, { ids }, context) => {
      pageSize({ first: Math.max(ids.length, 1) });
      return Promise.all(ids.map(async (id) => loadNode(id, context)));
    },
  }),
  session: t.field({
    type: refs.SessionRef,
    nullable: true,
    authScopes: { self: true },
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, context) => sessionOf(context, id),
  }),
  events: t.field({
    type: refs.EventConnection,
    description: 'Every stored event; the cursor is its position in the log.',
    authScopes: { auditor: true },
    args: { filter: t.arg({ type: EventFilterInput }), ...orderArg(t), ...pageArgs(t) },
    resolve: async (_root, { filter, order, ...page }, context) =>
      eventPage(context, filter ?? {}, page, order === 'NEWEST'),
  }),
  logHead: t.string({
    description: 'Position of the newest event: subscribe after it for what comes from now on.',
    authScopes: { auditor: true },
    resolve: async (_root, _args, { application }) => application.log.head(),
  }),
}));
