import type { TokenTerms } from '../../application/ports/my-access.ts';
import { builder } from './builder.ts';
import { UserRef } from './refs.ts';

const FreshFactor = builder.enumType('FreshFactor', {
  values: {
    none: { description: 'No second factor is asked for.' },
    needed: {
      description: 'Show one of `mechanisms` first (`POST /auth/fresh-factor`), then give it as `freshFactor`.',
    },
    unknown: { description: 'Which one is needed could not be found out: nothing can be made now.' },
  },
});

const TokenTermsRef = builder.objectRef<TokenTerms>('TokenTerms');
builder.objectType(TokenTermsRef, {
  description: 'What making a temporary token would meet now; making one decides anew.',
  authScopes: { self: true },
  fields: (t) => ({
    live: t.exposeInt('live', { description: 'Tokens that live now.' }),
    most: t.exposeInt('most', { description: 'So many may live at once.' }),
    longestSeconds: t.exposeInt('longestSeconds'),
    freshFactor: t.field({
      type: FreshFactor,
      resolve: ({ mechanisms }) => (mechanisms === null ? 'unknown' : mechanisms.length === 0 ? 'none' : 'needed'),
    }),
    mechanisms: t.stringList({
      description: 'By what a factor may be shown: OATH, WebAuthn, RC.',
      resolve: ({ mechanisms }) => mechanisms ?? [],
    }),
  }),
});

builder.objectFields(UserRef, (t) => ({
  tokenTerms: t.field({
    type: TokenTermsRef,
    description: 'Your own only.',
    authScopes: (user) => ({ self: user.id }),
    resolve: async (_user, _args, { application, viewer }) => application.tokenTerms(viewer),
  }),
}));

builder.queryField('serverTime', (t) =>
  t.field({
    type: 'DateTime',
    description: 'The clock by which tokens and logins end: what is left of them is told against it.',
    authScopes: { self: true },
    resolve: async (_root, _args, { application }) => application.serverTime(),
  }),
);
