import type { ActiveLoginRow } from '../../application/ports/read-models.ts';
import type { Refusal } from '../../application/ports/viewer.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { builder } from './builder.ts';
import { findUserId, userOf } from './lookups.ts';
import { absent, RefusalRef } from './mutations.ts';
import { connection, pageSize, viewPage } from './paging.ts';
import { pageArgs } from './page-args.ts';
import { UserRef } from './refs.ts';

const admin = { admin: true } as const;

const LoginRef = builder.objectRef<ActiveLoginRow>('Login');
builder.objectType(LoginRef, {
  description: 'A login that stands: of a browser, the command line, or a terminal.',
  authScopes: admin,
  fields: (t) => ({
    id: t.exposeID('loginId'),
    user: t.field({ type: UserRef, resolve: ({ userId }, _args, context) => userOf(context, userId) }),
    provider: t.exposeString('provider', { description: '`local`, or the name of the IdentityProvider.' }),
    door: t.exposeString('door'),
    source: t.exposeString('source'),
    factors: t.exposeStringList('factors'),
    openedAt: t.field({ type: 'DateTime', resolve: (row) => row.openedAt }),
    expiresAt: t.field({ type: 'DateTime', resolve: (row) => row.expiresAt }),
    current: t.boolean({
      description: 'The one that asks.',
      resolve: ({ loginId }, _args, { viewer }) => loginId === viewer.loginId,
    }),
  }),
});
const LoginConnection = builder.connectionObject({ name: 'LoginConnection', type: LoginRef });

builder.queryField('logins', (t) =>
  t.field({
    type: LoginConnection,
    description: 'The logins of a person that stand, oldest first.',
    authScopes: admin,
    args: { user: t.arg.string({ required: true, description: 'A name or an id.' }), ...pageArgs(t) },
    resolve: async (_root, { user, ...page }, context) => {
      const userId = findUserId(context, user);
      if (userId === null) return connection<ActiveLoginRow>([], pageSize(page), null, () => '');
      const where = { userId, expiresAt: { above: new Date().toISOString() } };
      const query = { where, orderBy: 'openedAt', key: 'loginId' } as const;
      return viewPage(context, context.application.views.activeLogins, query, page);
    },
  }),
);

interface Closed {
  readonly ids: readonly string[];
  readonly errors: readonly Refusal[];
}

builder.relayMutationField(
  'closeLogins',
  {
    inputFields: (t) => ({
      id: t.id({ description: 'The one login to close.' }),
      user: t.string({ description: 'The person whose logins are all closed; a name or an id.' }),
    }),
  },
  {
    description: 'Ends one login of anybody, or all of a person, with what rests on them.',
    authScopes: admin,
    resolve: async (_root, { input }, context): Promise<Closed> => {
      const { id = null, user = null } = input;
      const { application, viewer } = context;
      if ((id === null) === (user === null)) {
        const message = 'Give either `id` or `user`; nothing was closed.';
        return { ids: [], errors: [{ code: 'invalid', message }] };
      }
      const userId = user === null ? null : findUserId(context, user);
      const which =
        userId !== null ? { userId } : isStreamIdOf('login', id ?? '') ? { loginId: id as `login-${string}` } : null;
      if (which === null) return { ids: [], errors: absent(id === null ? 'user' : 'login', id ?? user ?? '').errors };
      const answer = await application.closeLoginsOf(viewer, which);
      return answer.ok ? { ids: answer.closed, errors: [] } : { ids: [], errors: answer.errors };
    },
  },
  {
    outputFields: (t) => ({
      ids: t.idList({ description: 'Those that were open and are closed now.', resolve: ({ ids }) => [...ids] }),
      errors: t.field({ type: [RefusalRef], resolve: ({ errors }) => errors }),
    }),
  },
);
