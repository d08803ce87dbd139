import { isMap, textOf } from '../document/document.ts';
import type { KindForm } from './fields.ts';

export const conditionForm: KindForm = {
  about: 'What has to hold when a session opens, such as working hours or a network. Entitlements name them.',
  next: 'Create one, and try its expression with a person and a time.',
  columns: [
    { title: 'Expression', of: ({ expression }) => textOf(expression) },
    {
      title: 'When it does not hold',
      of: ({ remedy }) => (isMap(remedy) ? `${textOf(remedy.kind)}: ${textOf(remedy.text)}` : 'refused'),
    },
  ],
  sections: [
    {
      fields: [
        {
          type: 'long',
          path: ['expression'],
          label: 'Expression (CEL)',
          required: true,
          example: 'claims.system.local.hour >= 8 && claims.system.local.hour < 18',
          help: 'Over claims.user, claims.device and claims.system.',
        },
      ],
    },
    {
      title: 'When it does not hold',
      fields: [
        {
          type: 'choice',
          path: ['remedy', 'kind'],
          label: 'What helps',
          options: [
            { value: 'reason', label: 'The person gives a reason' },
            { value: 'message', label: 'The person is told' },
          ],
          help: 'Without one the session is refused in our own words.',
        },
        {
          type: 'text',
          path: ['remedy', 'text'],
          label: 'What the person is told',
          when: ({ remedy }) => isMap(remedy),
        },
      ],
    },
  ],
};
