import type { DirectoryRow } from '../../application/ports/read-models.ts';
import type { RoleEvent } from '../../domain/policy/events.ts';
import type { GroupEvent, UserEvent } from '../../domain/user/events.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { defineView, type Stored } from '../kit/define-view.ts';
import { declared, isDeclaration } from './declared.ts';
import { user } from './user.ts';

export type DirectoryEvent = UserEvent | GroupEvent | RoleEvent;

/** Users, groups and roles: the one view that holds personal data. What is removed stays, marked. */
export const directory = defineView<DirectoryRow, DirectoryEvent>({
  name: 'directory',
  version: 2,
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
  },
  indexes: [['nameKey'], ['kind', 'name'], ['kind', 'createdAt'], ['email']],
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
    return next && { ...next, version: event.streamVersion };
  },
});

function change(row: DirectoryRow | undefined, event: Stored<DirectoryEvent>, key: string): DirectoryRow | undefined {
  if (isDeclaration(event)) {
    return isStreamIdOf('group', key) || isStreamIdOf('role', key) ? declared(row, event, key) : row;
  }
  return isStreamIdOf('user', key) ? user(row, event, key) : row;
}
