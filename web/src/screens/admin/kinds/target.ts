import { protocolName } from '../../../parts/protocol-names.ts';
import { isMap, type JsonMap, textOf } from '../document/document.ts';
import type { KindForm } from './fields.ts';

const isSsh = ({ protocol }: JsonMap): boolean => protocol === 'ssh';
const hasTls = ({ protocol }: JsonMap): boolean => typeof protocol === 'string' && protocol !== 'ssh';

export const targetForm: KindForm = {
  about: 'Servers and databases. Without a known identity a target opens nothing.',
  next: 'Create one, then look at its host keys or certificate and confirm them.',
  columns: [
    { title: 'Protocol', of: ({ protocol }) => protocolName(textOf(protocol)) },
    { title: 'Address', of: ({ address }) => textOf(address) },
    {
      title: 'Identity',
      of: ({ trust }) => (isMap(trust) ? 'Known' : 'Not confirmed'),
      warns: ({ trust }) => !isMap(trust),
    },
    { title: 'State', of: ({ disabled }) => (disabled === true ? 'Disabled' : 'Active') },
  ],
  sections: [
    {
      fields: [
        {
          type: 'choice',
          path: ['protocol'],
          label: 'Protocol',
          required: true,
          fixed: true,
          options: [
            { value: 'ssh', label: 'SSH' },
            { value: 'postgres', label: 'PostgreSQL' },
            { value: 'mysql', label: 'MySQL' },
            { value: 'rdp', label: 'Remote Desktop' },
          ],
        },
        { type: 'text', path: ['address'], label: 'Address', required: true, example: 'web1.example.org:22' },
        { type: 'flag', path: ['disabled'], label: 'Disabled', help: 'Its sessions end, and no new one begins.' },
      ],
    },
    {
      title: 'Identity',
      about: 'Scan it to compare and confirm what it shows, or fill in what you know.',
      fields: [
        { type: 'list', path: ['trust', 'hostKeys'], label: 'Host keys', example: 'ssh-ed25519 AAAA…', when: isSsh },
        {
          type: 'list',
          path: ['trust', 'hostCa'],
          label: 'CAs of host certificates',
          example: 'ssh-ed25519 AAAA…',
          when: isSsh,
        },
        { type: 'long', path: ['trust', 'tls', 'ca'], label: 'CA certificate (PEM)', when: hasTls },
        { type: 'flag', path: ['trust', 'tls', 'system'], label: 'Trust the CAs of this machine', when: hasTls },
        {
          type: 'text',
          path: ['trust', 'tls', 'certificateSha256'],
          label: 'SHA-256 of the only certificate',
          help: '64 hex digits.',
          when: hasTls,
        },
      ],
    },
  ],
};
