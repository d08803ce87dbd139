import { isMap, textsOf } from '../document/document.ts';
import type { KindForm } from './fields.ts';

export const roleForm: KindForm = {
  about: 'What people may do here. admin, auditor and operator are built in.',
  next: 'Create one with the permissions that it gives.',
  columns: [
    { title: 'Permissions', of: ({ permissions }) => textsOf(permissions).join(', ') },
    {
      title: 'Scope',
      of: ({ scope }) => (isMap(scope) && isMap(scope.labels) ? labelTexts(scope.labels) : 'everything'),
    },
  ],
  sections: [
    {
      fields: [
        {
          type: 'choices',
          path: ['permissions'],
          label: 'Permissions',
          required: true,
          options: [
            { value: 'audit', label: 'audit: reads every event, session and recording' },
            { value: 'operate', label: 'operate: sees and ends live sessions' },
            { value: 'administer', label: 'administer: writes resources, revokes tokens, ends sessions' },
            { value: 'self', label: 'self: own tokens and sessions; everybody has it' },
          ],
        },
        {
          type: 'labels',
          path: ['scope', 'labels'],
          label: 'Only what carries these labels',
          help: 'Without any: everything.',
        },
      ],
    },
  ],
};

function labelTexts(labels: object): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(', ');
}
