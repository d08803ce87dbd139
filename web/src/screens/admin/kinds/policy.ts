import { isMap, textOf, textsOf } from '../document/document.ts';
import type { KindForm } from './fields.ts';

export const policyForm: KindForm = {
  about: 'Who gets which entitlements, by an expression over what is known of the person.',
  next: 'Create one that gives an entitlement to a group.',
  columns: [
    { title: 'For whom', of: ({ assign }) => textOf(assign) },
    {
      title: 'Entitlements',
      of: ({ entitlements, labels }) =>
        isMap(labels)
          ? `labels ${Object.entries(labels)
              .map(([key, value]) => `${key}=${textOf(value)}`)
              .join(', ')}`
          : textsOf(entitlements).join(', '),
    },
    { title: 'State', of: ({ disabled }) => (disabled === true ? 'Disabled' : 'Active') },
  ],
  sections: [
    {
      fields: [
        {
          type: 'long',
          path: ['assign'],
          label: 'For whom (CEL)',
          required: true,
          example: '"ops" in claims.user.groups',
          help: 'Over claims.user: username, groups, provider …',
        },
        { type: 'names', of: 'Entitlement', path: ['entitlements'], label: 'Entitlements' },
        { type: 'labels', path: ['labels'], label: 'Or all entitlements with these labels' },
        { type: 'flag', path: ['disabled'], label: 'Disabled', help: 'What it gave ends at once.' },
      ],
    },
  ],
};
