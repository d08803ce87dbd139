import type { SessionHistoryRow } from '../../application/ports/read-models.ts';
import type { Comparison } from '../../application/ports/views.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { builder } from './builder.ts';
import { type GraphqlContext, has, mayReadAll, mayReadOf } from './context.ts';
import { SessionFilterInput } from './filters.ts';
import { findTargetId, findUserId, isGiven } from './lookups.ts';
import { freshen, viewPage } from './paging.ts';
import { orderArg, pageArgs } from './page-args.ts';
import { between, peopleOf, type PeopleWish } from './people.ts';
import * as refs from './refs.ts';

/** Sessions of more people at once are not looked through: each is a question of its own. */
const mostPeople = 100;

interface SessionWish extends PeopleWish {
  readonly target?: string | null | undefined;
  readonly protocol?: refs.Protocol | null | undefined;
  readonly live?: boolean | null | undefined;
  readonly account?: string | null | undefined;
  readonly source?: string | null | undefined;
  readonly endReason?: string | null | undefined;
  readonly since?: string | null | undefined;
  readonly until?: string | null | undefined;
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
  const startedAt = between(wish);
  return {
    ...(userId === undefined ? {} : { userId }),
    ...(targetId === undefined ? {} : { targetId }),
    ...(isGiven(wish.protocol) ? { protocol: wish.protocol } : {}),
    ...(isGiven(live) ? { ended: live ? 0 : 1 } : {}),
    ...(isGiven(wish.account) ? accountOf(wish.account) : {}),
    ...(isGiven(wish.source) ? { source: wish.source } : {}),
    ...(isGiven(wish.endReason) ? { endReason: wish.endReason } : {}),
    ...(startedAt === undefined ? {} : { startedAt }),
  };
}

function accountOf(account: string): Comparison<SessionHistoryRow> {
  return isStreamIdOf('account', account) ? { accountId: account } : { accountName: account };
}

/** One question for each person that a search finds, and the one for all without a search; none: nothing can fit. */
async function questions(
  context: GraphqlContext,
  wish: SessionWish,
): Promise<readonly Comparison<SessionHistoryRow>[]> {
  const { search, ...rest } = wish;
  if (!isGiven(search)) return [sessionFilter(context, rest)].filter((where) => where !== null);
  await freshen(context, context.application.views.directory);
  // Who sees no sessions of others learns nothing of others by a search.
  const isOwn = !mayReadAll(context) && !has(context, 'operate') && !isGiven(rest.user);
  const people = peopleOf(context, isOwn ? { ...wish, user: context.viewer.userId } : wish, mostPeople);
  const wishes = people === null ? [rest] : people.map((user) => ({ ...rest, user }));
  return wishes.map((each) => sessionFilter(context, each)).filter((where) => where !== null);
}

builder.queryField('sessions', (t) =>
  t.field({
    type: refs.SessionConnection,
    description: 'By their opening: all for auditors and administrators, live ones for operators, else your own.',
    authScopes: { self: true },
    args: { filter: t.arg({ type: SessionFilterInput }), ...orderArg(t), ...pageArgs(t) },
    resolve: async (_root, { filter, order, ...page }, context) => {
      const where = await questions(context, filter ?? {});
      const query = { orderBy: 'startedAt', key: 'sessionId', descending: order === 'NEWEST' } as const;
      return viewPage(context, context.application.views.sessionHistory, { ...query, where }, page);
    },
  }),
);
