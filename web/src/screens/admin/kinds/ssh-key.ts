import { asWritten, type KindForm } from './fields.ts';

export const sshKeyForm: KindForm = {
  derived: ['publicKey'],
  sections: [
    {
      fields: [
        { type: 'text', path: ['username'], label: 'Login name', required: true },
        { type: 'text', path: ['owner'], label: 'Owner' },
        {
          type: 'choice',
          path: ['status'],
          label: 'Status',
          options: asWritten('active', 'inactive'),
          usual: 'active',
        },
        { type: 'name', of: 'Target', path: ['mainTarget'], label: 'Main target' },
        { type: 'names', of: 'Target', path: ['targets'], label: 'More targets' },
      ],
    },
    {
      title: 'Key',
      about: 'A private key of yours, or one that is made here. The public key follows from it.',
      fields: [
        { type: 'secret', long: true, path: ['privateKey'], label: 'Private key' },
        { type: 'secret', path: ['passphrase'], label: 'Passphrase of the private key' },
        {
          type: 'choice',
          path: ['generate'],
          label: 'Make a new one',
          options: asWritten('ed25519', 'rsa', 'ecdsa'),
          help: 'Takes the place of the one in custody.',
        },
      ],
    },
  ],
};
