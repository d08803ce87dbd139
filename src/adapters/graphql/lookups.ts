import { isStreamIdOf, type TargetId, type UserId } from '../../domain/kernel/ids.ts';
import type { ActiveKeyRow, ActiveTokenRow, CatalogueRow, DirectoryRow } from '../../application/ports/read-models.ts';
import type { GraphqlContext } from './context.ts';
import type { CatalogueShape, KeyShape, TokenShape, UserShape } from './refs.ts';

/** From ids and names to what the types show. */

/** GraphQL leaves out or nulls what was not given; both mean the same. */
export function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}

export function userShape(row: DirectoryRow): UserShape {
  return { id: row.id as UserId, name: row.name ?? '(shredded)', row };
}

export function userOf(context: GraphqlContext, id: UserId): UserShape {
  const row = context.application.views.directory.get(id);
  if (row !== undefined) return userShape(row);
  const { viewer } = context;
  return { id, name: id === viewer.userId ? viewer.userName : '(unknown)', row: undefined };
}

/** An account is called by its login on the target, as in sessions; everything else by its own name. */
export function catalogueShape<Id extends string>(row: CatalogueRow): CatalogueShape<Id> {
  const login = row.kind === 'account' ? row.spec.username : null;
  return { id: row.id as string as Id, name: typeof login === 'string' ? login : row.name, row };
}

export function targetOf(context: GraphqlContext, id: TargetId, name?: string): CatalogueShape<TargetId> {
  const row = context.application.views.targetCatalogue.get(id);
  return { id, name: name ?? row?.name ?? '(unknown)', row };
}

export function tokenShape(row: ActiveTokenRow): TokenShape {
  const { tokenId, userId, protocols, targetId, expiresAt } = row;
  return { id: tokenId, userId, protocols, targetId, expiresAt, row };
}

export function keyShape(row: ActiveKeyRow): KeyShape {
  const { keyId, userId, expiresAt } = row;
  return { id: keyId, userId, expiresAt, row };
}

/** The user with this id or login name; null when there is none. */
export function findUserId(context: GraphqlContext, idOrName: string): UserId | null {
  if (isStreamIdOf('user', idOrName)) return idOrName;
  const [row] = context.application.views.directory.find({
    where: { kind: 'user', name: idOrName, removed: 0 },
    limit: 1,
  });
  return row === undefined ? null : (row.id as UserId);
}

/** The target with this id or name; null when there is none. */
export function findTargetId(context: GraphqlContext, idOrName: string): TargetId | null {
  if (isStreamIdOf('target', idOrName)) return idOrName;
  const where = { kind: 'target', name: idOrName, withdrawn: 0 } as const;
  const [row] = context.application.views.targetCatalogue.find({ where, limit: 1 });
  return row === undefined ? null : (row.id as TargetId);
}
