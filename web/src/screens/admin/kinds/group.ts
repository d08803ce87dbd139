import { textsOf } from '../document/document.ts';
import type { KindForm } from './fields.ts';

export const groupForm: KindForm = {
  about: 'People under one name. A person is also in the groups that their user names, and in those of their provider.',
  next: 'Create one and name its members.',
  columns: [{ title: 'Members', of: ({ members }) => textsOf(members).join(', ') }],
  sections: [{ fields: [{ type: 'names', of: 'User', path: ['members'], label: 'Members' }] }],
};
