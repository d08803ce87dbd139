import type { Permission, RoleSpec } from './events.ts';
import { permissions } from './events.ts';

/** The roles nobody has to declare, and nobody can. */
export const builtInRoles = {
  admin: ['self', 'audit', 'administer', 'operate'],
  auditor: ['self', 'audit'],
  operator: ['self', 'operate'],
} as const satisfies Readonly<Record<string, readonly Permission[]>>;

export type BuiltInRole = keyof typeof builtInRoles;

/** True for the name of a built-in role. */
export function isBuiltInRole(name: string): name is BuiltInRole {
  return Object.hasOwn(builtInRoles, name);
}

/**
 * What the named roles permit everywhere, in the order of `permissions`. `declaredRoles` are those that stand now; a
 * name that nobody declared gives nothing, and everybody has `self`. A declared role with a `scope` permits nothing
 * outside of it: see `permissionsWithin`.
 */
export function permissionsOf(roleNames: readonly string[], declaredRoles: readonly RoleSpec[]): readonly Permission[] {
  return given(
    roleNames,
    declaredRoles.filter((role) => role.scope === null),
  );
}

/** What the named roles permit on a resource that carries `labels`. */
export function permissionsWithin(
  roleNames: readonly string[],
  declaredRoles: readonly RoleSpec[],
  labels: Readonly<Record<string, string>>,
): readonly Permission[] {
  return given(
    roleNames,
    declaredRoles.filter((role) => Object.entries(role.scope ?? {}).every(([key, value]) => labels[key] === value)),
  );
}

function given(roleNames: readonly string[], declaredRoles: readonly RoleSpec[]): readonly Permission[] {
  const granted = new Set<Permission>(['self']);
  for (const name of roleNames) {
    const own: readonly Permission[] = isBuiltInRole(name)
      ? builtInRoles[name]
      : declaredRoles.filter((role) => role.name === name).flatMap((role) => role.permissions);
    for (const permission of own) granted.add(permission);
  }
  return permissions.filter((permission) => granted.has(permission));
}
