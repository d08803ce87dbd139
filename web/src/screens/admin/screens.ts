import { lazy } from 'react';
import { kindNames, listPath } from './kinds/kind-names.ts';

const list = lazy(() => import('./object-list.tsx').then(({ ObjectList }) => ({ default: ObjectList })));
const one = lazy(() => import('./object-screen.tsx').then(({ ObjectScreen }) => ({ default: ObjectScreen })));
const create = lazy(() => import('./new-object.tsx').then(({ NewObject }) => ({ default: NewObject })));

const tokens = lazy(() => import('./passes/all-tokens.tsx').then(({ AllTokens }) => ({ default: AllTokens })));
const live = lazy(() =>
  import('./live/live-sessions.tsx').then(({ LiveSessionsScreen }) => ({ default: LiveSessionsScreen })),
);
const group = 'Administration' as const;
const permissions = ['administer'] as const;

/** For each kind of declared object: all of them, one, and a new one, where it has no screens of its own for that. */
const objectScreens = kindNames.flatMap((kind) => {
  const { title, words } = kind;
  const path = listPath(kind);
  const single = { path: `${path}/one`, title, permissions, component: one };
  if (kind.list !== undefined) return [single];
  return [
    { path, title, permissions, group, words, component: list },
    single,
    { path: `${path}/new`, title, permissions, component: create },
  ];
});

export const adminScreens = [
  {
    path: '/admin/live',
    title: 'Live sessions',
    permissions: ['audit', 'administer'] as const,
    group: 'Audit' as const,
    words: 'who is on watch end kill',
    component: live,
  },
  { path: '/admin/tokens', title: 'Tokens of all', permissions, group, words: 'revoke passes', component: tokens },
  ...objectScreens,
];
