import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import type { Refusal } from '../../application/ports/application-face.ts';
import type { OwnReachEntry, ReachPlace } from '../../application/ports/my-access.ts';
import { builder } from './builder.ts';
import { decidedPage } from './cost.ts';
import { RefusalRef } from './mutations.ts';
import { badCursor, pageSize, pageWith } from './paging.ts';
import { pageArgs, searchText } from './page-args.ts';
import { ProtocolRef, ReachConnection, ReachRef, type UserShape, UserRef } from './refs.ts';

const own = (user: UserShape) => ({ self: user.id });

const ReachFilterInput = builder.inputType('ReachFilter', {
  description: 'All that is given must hold.',
  fields: (t) => ({
    protocol: t.field({ type: ProtocolRef }),
    allowed: t.boolean({ description: 'true: a session would open now; false: something stands against it.' }),
    favourite: t.boolean(),
    account: t.id({ description: 'That account alone: `account-<uuid>`.' }),
  }),
});

builder.objectFields(UserRef, (t) => ({
  reach: t.field({
    type: ReachConnection,
    complexity: decidedPage,
    description: 'What this person may reach, in the order of names. Your own only.',
    args: {
      search: t.arg.string({
        defaultValue: '',
        description: 'Words, each of which stands in the target’s name, the account or a label.',
      }),
      filter: t.arg({ type: ReachFilterInput }),
      ...pageArgs(t),
    },
    authScopes: own,
    resolve: async (_user, { search, filter, ...page }, { application, viewer }) => {
      const { protocol = null, allowed = null, favourite = null, account = null } = filter ?? {};
      // What is no account's id finds as little as one of an account that is not there.
      if (account !== null && !isStreamIdOf('account', account)) return pageWith([], false, null, () => '');
      const after = page.after ?? null;
      const wish = { search: searchText(search), protocol, allowed, favourite, account };
      const place = after === null ? null : placeOf(after);
      const found = await application.reachPage(viewer, { ...wish, first: pageSize(page), after: place });
      return pageWith(found.entries, found.more, after, (entry) =>
        cursorOf([entry.target, entry.account, entry.accountId]),
      );
    },
  }),
  recent: t.field({
    type: ReachConnection,
    complexity: decidedPage,
    description: 'What this person used, the newest first, as far as they may know of it still. Your own only.',
    args: pageArgs(t),
    authScopes: own,
    resolve: async (_user, page, { application, viewer }) => {
      const after = page.after ?? null;
      if (after !== null && !isStreamIdOf('account', after)) throw badCursor();
      const found = await application.recentReach(viewer, { first: pageSize(page), after });
      return pageWith(found.entries, found.more, after, ({ accountId }) => accountId);
    },
  }),
}));

function cursorOf(place: ReachPlace): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Errors: `invalid`. */
function placeOf(cursor: string): ReachPlace {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parsed) && parsed.length === 3 && parsed.every((part) => typeof part === 'string')) {
      return parsed as unknown as ReachPlace;
    }
  } catch {
    // No JSON: refused below like every other text that no page ever gave.
  }
  throw badCursor();
}

interface Marked {
  readonly entry: OwnReachEntry | null;
  readonly errors: readonly Refusal[];
}

builder.relayMutationField(
  'setFavourite',
  {
    inputFields: (t) => ({
      target: t.string({ required: true, description: 'Its name.' }),
      account: t.string({ required: true, description: 'The login on the target.' }),
      favourite: t.boolean({ required: true }),
    }),
  },
  {
    authScopes: { self: true },
    resolve: async (_root, { input }, { application, viewer }): Promise<Marked> => {
      const result = await application.setFavourite(viewer, input);
      return result.ok ? { entry: result.entry, errors: [] } : { entry: null, errors: result.errors };
    },
  },
  {
    outputFields: (t) => ({
      entry: t.field({
        type: ReachRef,
        nullable: true,
        description: 'As it stands now; null when it was given up and can not be reached any more.',
        resolve: ({ entry }) => entry,
      }),
      errors: t.field({ type: [RefusalRef], resolve: ({ errors }) => errors }),
    }),
  },
);
