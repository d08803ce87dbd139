import { textOf } from '../document/document.ts';
import type { KindForm } from './fields.ts';

export const factorProviderForm: KindForm = {
  about:
    'When a second factor is asked for. Whoever has enrolled one is asked for it at login where nothing is declared.',
  next: 'Create one to say who has to show a second factor, and when.',
  columns: [
    { title: 'Type', of: ({ type }) => textOf(type) },
    { title: 'At login', of: ({ atLogin }) => textOf(atLogin) || 'whoever has enrolled it' },
    { title: 'For a token', of: ({ atToken }) => textOf(atToken) || 'never' },
    { title: 'State', of: ({ disabled }) => (disabled === true ? 'Disabled' : 'Active') },
  ],
  sections: [
    {
      fields: [
        {
          type: 'choice',
          path: ['type'],
          label: 'Type',
          required: true,
          options: [
            { value: 'totp', label: 'Codes of an app (TOTP)' },
            { value: 'webauthn', label: 'Security keys and passkeys (WebAuthn)' },
          ],
        },
        {
          type: 'long',
          path: ['atLogin'],
          label: 'Asked for at login, when',
          example: '"admins" in claims.user.groups',
          help: 'An expression over the claims of the login. Without one: of whoever has enrolled it.',
        },
        { type: 'long', path: ['atToken'], label: 'Asked for again for a temporary token, when', example: 'true' },
        { type: 'flag', path: ['disabled'], label: 'Disabled' },
      ],
    },
  ],
};
