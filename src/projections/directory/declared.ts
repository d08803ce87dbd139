import type { DirectoryRow } from '../../application/ports/read-models.ts';
import type { RoleEvent } from '../../domain/policy/events.ts';
import type { GroupEvent, UserEvent } from '../../domain/user/events.ts';
import type { StreamId } from '../../domain/kernel/ids.ts';
import type { Stored } from '../kit/define-view.ts';
import { emptyRow } from './empty-row.ts';

type Declaration = Stored<GroupEvent | RoleEvent>;

export function isDeclaration(event: Stored<UserEvent> | Declaration): event is Declaration {
  return event.type.startsWith('Group') || event.type.startsWith('Role');
}

/** The row of a group or role after an event: each declaration brings the whole, a withdrawn one that comes back too. */
export function declared(
  row: DirectoryRow | undefined,
  event: Declaration,
  id: StreamId<'group' | 'role'>,
): DirectoryRow | undefined {
  const createdAt = row?.createdAt ?? event.metadata.at;
  switch (event.type) {
    case 'GroupDeclared': {
      const { name, labels, members } = event.data;
      return { ...emptyRow, id, kind: 'group', name, labels, members, createdAt };
    }
    case 'RoleDeclared': {
      const { name, labels, permissions, scope } = event.data;
      return { ...emptyRow, id, kind: 'role', name, labels, permissions, scope, createdAt };
    }
    case 'GroupWithdrawn':
    case 'RoleWithdrawn':
      return row && { ...row, removed: 1 };
  }
}
