import type { DirectoryRow } from '../../application/ports/read-models.ts';
import type { UserEvent } from '../../domain/user/events.ts';
import type { UserId } from '../../domain/kernel/ids.ts';
import { isShredded, type Personal } from '../../domain/kernel/personal.ts';
import type { Stored } from '../kit/define-view.ts';
import { emptyRow } from './empty-row.ts';

/** The row of a user after an event. An event of a user who was never created makes none. */
export function user(row: DirectoryRow | undefined, event: Stored<UserEvent>, id: UserId): DirectoryRow | undefined {
  if (event.type === 'UserCreated') {
    const { name, nameKey, email } = event.data;
    // Of a person already shredded nothing is left that could be read, nor may the name's digest stay behind.
    const gone = isShredded(name);
    const kept = { name: held(name), nameKey: gone ? null : nameKey, email: held(email) };
    return { ...emptyRow, id, kind: 'user', ...kept, createdAt: event.metadata.at };
  }
  if (row === undefined) return undefined;
  switch (event.type) {
    case 'UserEmailSet':
      return { ...row, email: held(event.data.email) };
    case 'UserMembershipsSet':
      return { ...row, groups: event.data.groups, roles: event.data.roles };
    case 'UserPasswordSet': {
      const { secretId, mustChange, keptLogin } = event.data;
      return { ...row, secretId, mustChange: mustChange ? 1 : 0, passwordSetAt: event.metadata.at, keptLogin };
    }
    case 'PasswordResetOffered':
      return row;
    case 'UserDisabled':
      return { ...row, disabled: 1 };
    case 'UserEnabled':
      return { ...row, disabled: 0 };
    case 'UserRemoved':
      return { ...row, removed: 1 };
    case 'PersonShredded':
      return { ...row, name: null, nameKey: null, email: null };
  }
}

export function held(value: Personal | null): string | null {
  return value === null || isShredded(value) ? null : value;
}
