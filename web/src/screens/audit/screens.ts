import { lazy } from 'react';

/** What auditors look at; a session is shown to its own person too. */
export const auditScreens = [
  {
    path: '/sessions',
    title: 'Sessions',
    permissions: ['audit', 'operate', 'administer'],
    group: 'Audit',
    words: 'recordings replay live history player',
    component: lazy(() => import('./sessions.tsx').then(({ Sessions }) => ({ default: Sessions }))),
  },
  {
    path: '/sessions/:id',
    title: 'Session',
    permissions: ['self'],
    component: lazy(() => import('./session.tsx').then(({ Session }) => ({ default: Session }))),
  },
  {
    path: '/events',
    title: 'Events',
    permissions: ['audit', 'administer'],
    group: 'Audit',
    words: 'log audit stream explorer',
    component: lazy(() => import('../events/events.tsx').then(({ Events }) => ({ default: Events }))),
  },
] as const;
