import { textOf } from '../document/document.ts';
import type { KindForm } from './fields.ts';

export const credentialForm: KindForm = {
  about: 'Passwords and client certificates in custody. Nobody is shown them again.',
  next: 'Create one with the password of an account.',
  columns: [
    { title: 'Holds', of: ({ certificate }) => (textOf(certificate) === '' ? 'password' : 'client certificate') },
  ],
  sections: [
    {
      about: 'A password, or a client certificate with its private key.',
      fields: [
        { type: 'secret', path: ['password'], label: 'Password' },
        { type: 'long', path: ['certificate'], label: 'Client certificate (PEM)' },
        { type: 'secret', long: true, path: ['privateKey'], label: 'Private key of the certificate (PEM)' },
      ],
    },
  ],
};
