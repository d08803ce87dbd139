import { type ComponentType, lazy, type LazyExoticComponent } from 'react';
import { adminScreens } from '../screens/admin/screens.ts';
import { sshKeyScreens } from '../screens/ssh-keys/screens.ts';
import { auditScreens } from '../screens/audit/screens.ts';

/** What a role needs to be shown a screen; the server checks it again for each answer. */
export type Permission = 'self' | 'audit' | 'operate' | 'administer';

export interface Screen {
  /** Below `/ui`; `:name` parts are parameters. */
  readonly path: string;
  readonly title: string;
  /** Any one of them lets a person in. */
  readonly permissions: readonly Permission[];
  /** Under which heading it stands in the navigation; absent: only reached from other screens. */
  readonly group?: 'You' | 'Audit' | 'Administration';
  /** It takes the whole window: no head line and no navigation around it. */
  readonly whole?: true;
  /** More words that the palette finds it by. */
  readonly words?: string;
  readonly component: LazyExoticComponent<ComponentType>;
}

/** Every screen there is: the navigation, the palette and the routes are made of this list. */
export const screens: readonly Screen[] = [
  {
    path: '/',
    title: 'My access',
    permissions: ['self'],
    group: 'You',
    words: 'targets servers databases connect',
    component: lazy(() => import('../screens/access/my-access.tsx').then(({ MyAccess }) => ({ default: MyAccess }))),
  },
  {
    path: '/my/sessions',
    title: 'My sessions',
    permissions: ['self'],
    group: 'You',
    words: 'replay recordings watch end',
    component: lazy(() =>
      import('../screens/sessions/my-sessions.tsx').then(({ MySessions }) => ({ default: MySessions })),
    ),
  },
  {
    path: '/my/tokens',
    title: 'My tokens',
    permissions: ['self'],
    group: 'You',
    words: 'temporary password clients revoke',
    component: lazy(() => import('../screens/tokens/my-tokens.tsx').then(({ MyTokens }) => ({ default: MyTokens }))),
  },
  {
    path: '/my/security',
    title: 'Security',
    permissions: ['self'],
    group: 'You',
    words: 'factors logins devices keys sign out everywhere',
    component: lazy(() => import('../screens/security/security.tsx').then(({ Security }) => ({ default: Security }))),
  },
  {
    path: '/terminal/:target/:account',
    title: 'Terminal',
    permissions: ['self'],
    whole: true,
    component: lazy(() =>
      import('../screens/terminal/terminal-page.tsx').then(({ TerminalPage }) => ({ default: TerminalPage })),
    ),
  },
  ...auditScreens,
  ...sshKeyScreens,
  ...adminScreens,
];

/** Those that somebody with these permissions is shown. */
export function screensFor(permissions: readonly string[]): readonly Screen[] {
  return screens.filter((screen) => screen.permissions.some((permission) => permissions.includes(permission)));
}
