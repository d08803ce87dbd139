import type { ActivePassRow } from '../../application/ports/read-models.ts';
import type { Row, View } from '../../application/ports/views.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { PassFilterInput } from './filters.ts';
import { keyShape, tokenShape } from './lookups.ts';
import { type Connection, connection, freshen, mapNodes, type PageArgs, pageSize, viewPage } from './paging.ts';
import { pageArgs } from './page-args.ts';
import { between, peopleOf, type PeopleWish } from './people.ts';
import { KeyConnection, KeyRef, SessionConnection, TokenConnection, TokenRef } from './refs.ts';

const overseers = { auditor: true, admin: true } as const;
/** More people than this are not looked through for their passes: narrow the search. */
const mostPeople = 1_000;

interface PassWish extends PeopleWish {
  readonly since?: string | null | undefined;
  readonly until?: string | null | undefined;
}

/** Live passes by when they were made. Metadata alone: what proves a pass is in no view. */
async function passPage<R extends ActivePassRow & Row>(
  context: GraphqlContext,
  view: View<R>,
  key: keyof R & string,
  wish: PassWish,
  page: PageArgs,
): Promise<Connection<R>> {
  await freshen(context, context.application.views.directory);
  const people = peopleOf(context, wish, mostPeople);
  if (people?.length === 0) return connection<R>([], pageSize(page), null, () => '');
  const live = { expiresAt: { above: new Date().toISOString() } };
  const made = between(wish);
  const where = {
    ...live,
    ...(people === null ? {} : { userId: { in: people } }),
    ...(made === undefined ? {} : { issuedAt: made }),
  };
  return viewPage<R>(context, view, { where, orderBy: 'issuedAt', key } as Parameters<typeof viewPage<R>>[2], page);
}

builder.queryFields((t) => ({
  tokens: t.field({
    type: TokenConnection,
    description: 'Every live temporary token, oldest first.',
    authScopes: overseers,
    args: { filter: t.arg({ type: PassFilterInput }), ...pageArgs(t) },
    resolve: async (_root, { filter, ...page }, context) =>
      mapNodes(
        await passPage(context, context.application.views.activeTokens, 'tokenId', filter ?? {}, page),
        tokenShape,
      ),
  }),
  keys: t.field({
    type: KeyConnection,
    description: 'Every public key that is a live pass, oldest first.',
    authScopes: overseers,
    args: { filter: t.arg({ type: PassFilterInput }), ...pageArgs(t) },
    resolve: async (_root, { filter, ...page }, context) =>
      mapNodes(await passPage(context, context.application.views.activeKeys, 'keyId', filter ?? {}, page), keyShape),
  }),
}));

for (const ref of [TokenRef, KeyRef] as const) {
  builder.objectField(ref as typeof TokenRef, 'liveSessions', (t) =>
    t.field({
      type: SessionConnection,
      description: 'The sessions that are open by it, which its revocation ends.',
      args: pageArgs(t),
      resolve: async ({ id }, args, context) => {
        const query = { where: { passId: id, ended: 0 }, orderBy: 'startedAt', key: 'sessionId' } as const;
        return viewPage(context, context.application.views.sessionHistory, query, args);
      },
    }),
  );
}
