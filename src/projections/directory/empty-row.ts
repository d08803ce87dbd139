import type { DirectoryRow } from '../../application/ports/read-models.ts';

/** What a row holds where its kind has nothing. */
export const emptyRow: Omit<DirectoryRow, 'id' | 'kind' | 'createdAt'> = {
  name: null,
  nameKey: null,
  email: null,
  labels: {},
  groups: [],
  roles: [],
  members: [],
  permissions: [],
  scope: null,
  secretId: null,
  mustChange: 0,
  passwordSetAt: null,
  keptLogin: null,
  disabled: 0,
  removed: 0,
  version: 0,
  search: null,
};
