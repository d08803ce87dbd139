import type { DirectoryRow } from '../../application/ports/read-models.ts';
import type { RoleEvent } from '../../domain/policy/events.ts';
import type { GroupEvent, UserEvent } from '../../domain/user/events.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { defineView, type Stored } from '../kit/define-view.ts';
import { labelTexts, searchText } from '../kit/search-text.ts';
import { declared, isDeclaration } from './declared.ts';
import { held, user } from './user.ts';

export type DirectoryEvent = UserEvent | GroupEvent | RoleEvent;

/** Users, groups and roles: the one view that holds personal data. What is removed stays, marked. */
export const directory = defineView<DirectoryRow, DirectoryEvent>({
  name: 'directory',
  version: 3,
  key: 'id',
  columns: {
    id: 'text',
    kind: 'text',
    name: 'text',
    nameKey: 'text',
    email: 'text',
    labels: 'json',
    groups: 'json',
    roles: 'json',
    members: 'json',
    permissions: 'json',
    scope: 'json',
    secretId: 'text',
    mustChange: 'integer',
    passwordSetAt: 'text',
    keptLogin: 'text',
    disabled: 'integer',
    removed: 'integer',
    version: 'integer',
    createdAt: 'text',
    search: 'text',
  },
  indexes: [
    ['nameKey'],
    ['email'],
    // The key in the middle: what comes after it is only looked at, so that a search reads no rows it does not show.
    ['kind', 'name', 'id', 'removed', 'disabled', 'search'],
    ['kind', 'createdAt', 'id', 'removed', 'disabled', 'search'],
    ['kind', 'removed'],
  ],
  personal: true,
  rowPer: 'stream',
  handles: [
    'UserCreated',
    'UserEmailSet',
    'UserMembershipsSet',
    'UserPasswordSet',
    'PasswordResetOffered',
    'UserDisabled',
    'UserEnabled',
    'UserRemoved',
    'PersonShredded',
    'GroupDeclared',
    'GroupWithdrawn',
    'RoleDeclared',
    'RoleWithdrawn',
  ],
  keys: (event) => [event.stream],

  apply(row, event, key) {
    if (row !== undefined && event.streamVersion <= row.version) return row;
    const next = change(row, event, key);
    return next && { ...next, search: searched(next), version: event.streamVersion };
  },
});

function searched({ name, email, labels }: DirectoryRow): string | null {
  return name === null ? null : searchText(name, held(email), ...labelTexts(labels));
}

function change(row: DirectoryRow | undefined, event: Stored<DirectoryEvent>, key: string): DirectoryRow | undefined {
  if (isDeclaration(event)) {
    return isStreamIdOf('group', key) || isStreamIdOf('role', key) ? declared(row, event, key) : row;
  }
  return isStreamIdOf('user', key) ? user(row, event, key) : row;
}
