import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import type { Refusal } from '../../application/ports/application-face.ts';
import type { OwnLogin } from '../../application/ports/login-face.ts';
import { builder } from './builder.ts';
import { absent, type Outcome, RefusalRef } from './mutations.ts';
import { pageArgs } from './page-args.ts';
import { connection, pageSize } from './paging.ts';
import { UserRef } from './refs.ts';

const OwnLoginRef = builder.objectRef<OwnLogin>('OwnLogin');
const OwnLoginConnection = builder.connectionObject({ name: 'OwnLoginConnection', type: OwnLoginRef });

builder.objectType(OwnLoginRef, {
  description: 'A login of your own that stands.',
  authScopes: { self: true },
  fields: (t) => ({
    id: t.exposeID('loginId'),
    provider: t.exposeString('provider', { description: '`local`, or the name of the provider.' }),
    door: t.exposeString('door', { description: 'web or cli.' }),
    source: t.exposeString('source', { description: 'The address it was opened from.' }),
    factors: t.stringList({ description: 'What it was opened by.', resolve: ({ factors }) => factors }),
    openedAt: t.field({ type: 'DateTime', resolve: ({ openedAt }) => openedAt }),
    expiresAt: t.field({ type: 'DateTime', resolve: ({ expiresAt }) => expiresAt }),
    current: t.exposeBoolean('current', { description: 'The one that asks.' }),
  }),
});

builder.objectFields(UserRef, (t) => ({
  logins: t.field({
    type: OwnLoginConnection,
    description: 'Logins that stand, oldest first. Your own only.',
    args: pageArgs(t),
    authScopes: (user) => ({ self: user.id }),
    resolve: async (_user, page, { application, viewer }) => {
      const after = page.after ?? null;
      const logins = await application.ownLogins(viewer);
      const rest = after === null ? logins : logins.slice(logins.findIndex(({ loginId }) => loginId === after) + 1);
      return connection(rest, pageSize(page), after, ({ loginId }) => loginId);
    },
  }),
}));

builder.relayMutationField(
  'closeLogin',
  { inputFields: (t) => ({ id: t.id({ required: true }) }) },
  {
    description: 'Ends one of your own logins, and what rests on it.',
    authScopes: { self: true },
    resolve: async (_root, { input: { id } }, { application, viewer }): Promise<Outcome> => {
      if (!isStreamIdOf('login', id)) return absent('login', id);
      const result = await application.closeLogin(viewer, id);
      return result.ok ? { id, errors: [] } : { id: null, errors: result.errors };
    },
  },
  {
    outputFields: (t) => ({
      id: t.exposeID('id', { nullable: true, description: 'The login that has ended.' }),
      errors: t.field({ type: [RefusalRef], resolve: ({ errors }) => errors }),
    }),
  },
);

builder.relayMutationField(
  'signOutEverywhere',
  {
    inputFields: (t) => ({
      exceptThis: t.boolean({ required: true, description: 'Whether the login that asks goes on.' }),
    }),
  },
  {
    description: 'Ends your logins, and revokes every temporary token and key of yours.',
    authScopes: { self: true },
    resolve: async (_root, { input: { exceptThis } }, { application, viewer }) => {
      await application.closeEverything(viewer, exceptThis);
      return { errors: [] as readonly Refusal[] };
    },
  },
  { outputFields: (t) => ({ errors: t.field({ type: [RefusalRef], resolve: ({ errors }) => errors }) }) },
);
