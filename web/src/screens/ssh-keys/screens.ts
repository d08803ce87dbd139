import { lazy } from 'react';

/** The registered SSH keys, the sessions that are started with one, and the registration of a new one. */
export const sshKeyScreens = [
  {
    path: '/ssh-keys',
    title: 'SSH keys',
    permissions: ['self', 'administer'],
    group: 'You',
    words: 'start session with a key register private public credentials custody',
    component: lazy(() => import('./ssh-keys.tsx').then(({ SshKeys }) => ({ default: SshKeys }))),
  },
  {
    path: '/ssh-keys/remote-access',
    title: 'SSH keys: remote access',
    permissions: ['self'],
    component: lazy(() => import('./remote-access.tsx').then(({ RemoteAccess }) => ({ default: RemoteAccess }))),
  },
  {
    path: '/ssh-keys/new',
    title: 'SSH key registration',
    permissions: ['administer'],
    component: lazy(() => import('./register/register-key.tsx').then(({ RegisterKey }) => ({ default: RegisterKey }))),
  },
] as const;
