import { isMap, textOf } from '../document/document.ts';
import type { KindForm } from './fields.ts';

export const accountForm: KindForm = {
  about: 'Logins on targets, each with the secret behind it. People never see the secret.',
  next: 'Create a target and a credential first, then the account that joins them.',
  columns: [
    { title: 'Target', of: ({ target }) => textOf(target) },
    { title: 'Login name', of: ({ username }) => textOf(username) },
    {
      title: 'Secret',
      of: ({ credential }) =>
        isMap(credential) ? textOf(credential.password) || `SSH key ${textOf(credential.sshKey)}` : '',
    },
  ],
  sections: [
    {
      fields: [
        { type: 'name', of: 'Target', path: ['target'], label: 'Target', required: true, fixed: true },
        { type: 'text', path: ['username'], label: 'Login name on the target', required: true, example: 'root' },
      ],
    },
    {
      title: 'Secret',
      about: 'One of the two.',
      fields: [
        { type: 'name', of: 'Credential', path: ['credential', 'password'], label: 'Credential' },
        { type: 'name', of: 'SshKey', path: ['credential', 'sshKey'], label: 'SSH key' },
      ],
    },
  ],
};
