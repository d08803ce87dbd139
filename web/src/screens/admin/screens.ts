import { lazy } from 'react';
import { kindNames, listPath } from './kinds/kind-names.ts';

const list = lazy(() => import('./object-list.tsx').then(({ ObjectList }) => ({ default: ObjectList })));
const one = lazy(() => import('./object-screen.tsx').then(({ ObjectScreen }) => ({ default: ObjectScreen })));
const create = lazy(() => import('./new-object.tsx').then(({ NewObject }) => ({ default: NewObject })));

/** For each kind of declared object: all of them, one, and a new one. */
export const adminScreens = kindNames.flatMap((kind) => {
  const path = listPath(kind);
  const permissions = ['administer'] as const;
  const group = 'Administration' as const;
  return [
    { path, title: kind.title, permissions, group, words: kind.words, component: list },
    { path: `${path}/one`, title: kind.title, permissions, component: one },
    { path: `${path}/new`, title: kind.title, permissions, component: create },
  ];
});
