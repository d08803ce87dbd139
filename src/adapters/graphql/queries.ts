import { categoryOf, type StreamId, type UserId } from '../../domain/kernel/ids.ts';
import type { CatalogueKind, CatalogueRow, SessionHistoryRow } from '../../application/ports/read-models.ts';
import type { Comparison } from '../../application/ports/views.ts';
import { builder } from './builder.ts';
import { type GraphqlContext, has, mayReadAll, mayReadOf } from './context.ts';
import { eventPage } from './event-pages.ts';
import { EventFilterInput, SessionFilterInput } from './filters.ts';
import {
  catalogueShape,
  findTargetId,
  findUserId,
  isGiven,
  keyShape,
  tokenShape,
  userOf,
  userShape,
} from './lookups.ts';
import { type Connection, connection, type PageArgs, pageSize, viewPage } from './paging.ts';
import { pageArgs } from './page-args.ts';
import * as refs from './refs.ts';
import { sessionOf } from './session.ts';

const overseers = { auditor: true, admin: true } as const;

function mapNodes<A, B>({ edges, pageInfo }: Connection<A>, to: (node: A) => B): Connection<B> {
  return { pageInfo, edges: edges.map(({ cursor, node }) => ({ cursor, node: to(node) })) };
}

async function cataloguePage<K extends CatalogueKind>(
  context: GraphqlContext,
  kind: K,
  args: PageArgs,
): Promise<Connection<refs.CatalogueShape<StreamId<K>>>> {
  const where: Comparison<CatalogueRow> = { kind, withdrawn: 0 };
  const query = { where, orderBy: 'name', key: 'id' } as const;
  return mapNodes(
    await viewPage(context, context.application.views.targetCatalogue, query, args),
    catalogueShape<StreamId<K>>,
  );
}

interface SessionWish {
  readonly user?: string | null | undefined;
  readonly target?: string | null | undefined;
  readonly protocol?: refs.Protocol | null | undefined;
  readonly live?: boolean | null | undefined;
}

/** The part of a wish that the viewer may see, as a comparison; null: nothing. */
function sessionFilter(context: GraphqlContext, wish: SessionWish): Comparison<SessionHistoryRow> | null {
  const named = isGiven(wish.user) ? findUserId(context, wish.user) : undefined;
  const targetId = isGiven(wish.target) ? findTargetId(context, wish.target) : undefined;
  if (named === null || targetId === null) return null;
  const others = mayReadAll(context);
  const operates = has(context, 'operate');
  if (named !== undefined && !mayReadOf(context, named) && !operates) return null;
  const userId = named ?? (others || operates ? undefined : context.viewer.userId);
  const liveOnly = !others && userId !== context.viewer.userId;
  if (liveOnly && wish.live === false) return null;
  const live = liveOnly ? true : wish.live;
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(targetId === undefined ? {} : { targetId }),
    ...(isGiven(wish.protocol) ? { protocol: wish.protocol } : {}),
    ...(isGiven(live) ? { endedAt: live ? null : { above: '' } } : {}),
  };
}

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
  users: t.field({
    type: refs.UserConnection,
    authScopes: overseers,
    args: pageArgs(t),
    resolve: async (_root, args, context) => {
      const query = { where: { kind: 'user', removed: 0 }, orderBy: 'createdAt', key: 'id' } as const;
      return mapNodes(await viewPage(context, context.application.views.directory, query, args), userShape);
    },
  }),
  targets: t.field({
    type: refs.TargetConnection,
    authScopes: overseers,
    args: pageArgs(t),
    resolve: async (_root, args, context) => cataloguePage(context, 'target', args),
  }),
  entitlements: t.field({
    type: refs.EntitlementConnection,
    authScopes: overseers,
    args: pageArgs(t),
    resolve: async (_root, args, context) => cataloguePage(context, 'entitlement', args),
  }),
  policies: t.field({
    type: refs.PolicyConnection,
    authScopes: overseers,
    args: pageArgs(t),
    resolve: async (_root, args, context) => cataloguePage(context, 'policy', args),
  }),
  sessions: t.field({
    type: refs.SessionConnection,
    description: 'Oldest first: all for auditors and administrators, live ones for operators, else your own.',
    authScopes: { self: true },
    args: { filter: t.arg({ type: SessionFilterInput }), ...pageArgs(t) },
    resolve: async (_root, { filter, ...page }, context) => {
      const where = sessionFilter(context, filter ?? {});
      if (where === null) return connection<SessionHistoryRow>([], pageSize(page), null, () => '');
      const query = { where, orderBy: 'startedAt', key: 'sessionId' } as const;
      return viewPage(context, context.application.views.sessionHistory, query, page);
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
    description: 'Every stored event, oldest first; the cursor is its position in the log.',
    authScopes: { auditor: true },
    args: { filter: t.arg({ type: EventFilterInput }), ...pageArgs(t) },
    resolve: async (_root, { filter, ...page }, context) => eventPage(context, filter ?? {}, page),
  }),
  logHead: t.string({
    description: 'Position of the newest event: subscribe after it for what comes from now on.',
    authScopes: { auditor: true },
    resolve: async (_root, _args, { application }) => application.log.head(),
  }),
}));
