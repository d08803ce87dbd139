import { textOf, textsOf } from '../document/document.ts';
import type { KindForm } from './fields.ts';

export const userForm: KindForm = {
  about: 'The people who log in: with a password here, or through an identity provider.',
  next: 'Create one, or let an identity provider create people when they first log in.',
  columns: [
    { title: 'E-mail', of: ({ email }) => textOf(email) },
    { title: 'Groups', of: ({ groups }) => textsOf(groups).join(', ') },
    { title: 'Roles', of: ({ roles }) => textsOf(roles).join(', ') },
    { title: 'State', of: ({ disabled }) => (disabled === true ? 'Disabled' : 'Active') },
  ],
  noLabels: true,
  sections: [
    {
      fields: [
        { type: 'text', path: ['email'], label: 'E-mail address', example: 'alice@example.org' },
        { type: 'names', of: 'Group', path: ['groups'], label: 'Groups', help: 'Any name; policies speak of them.' },
        {
          type: 'names',
          of: 'Role',
          path: ['roles'],
          label: 'Roles',
          help: 'What the person may do here beside using their access.',
        },
        {
          type: 'flag',
          path: ['disabled'],
          label: 'Disabled',
          help: 'Every login, token and session of the person ends, and no new one begins.',
        },
      ],
    },
    {
      title: 'Password',
      about: 'Only for people who log in with a password here.',
      fields: [
        { type: 'secret', path: ['password'], label: 'New password' },
        {
          type: 'flag',
          path: ['mustChange'],
          label: 'Must be changed at the next login',
          help: 'Counts only together with a new password.',
        },
      ],
    },
  ],
};
