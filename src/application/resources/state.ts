import { builtInRoles, isBuiltInRole } from '../../domain/policy/permissions.ts';
import type { StreamId, TargetId } from '../../domain/kernel/ids.ts';
import type { AccountSpec } from '../../domain/target/events.ts';
import type { CatalogueKind, CatalogueRow, DirectoryRow } from '../ports/read-models.ts';
import type { Comparison, Row, View, ViewQuery } from '../ports/views.ts';
import { upToHead } from '../reading.ts';
import type { ResourceDeps } from './deps.ts';
import { categoryOfKind, type Kind, kinds } from './kinds.ts';
import type { StandingUser } from './kinds/user.ts';
import type { Standing } from './rules.ts';

/** What stands now, as the views have it; they are awaited up to the head of the log first. */
export interface ResourceState {
  find(kind: Kind, name: string): Standing | null;
  readonly nameOf: (id: StreamId) => string;
  accountsOn(targetId: TargetId): readonly { readonly id: StreamId; readonly username: string }[];
}

/** The state at the head of the log. Errors: `unavailable` when the views do not get there in time. */
export async function readState(deps: ResourceDeps): Promise<ResourceState> {
  const { directory, targetCatalogue } = deps.views;
  await upToHead(deps.tools.log, directory, targetCatalogue);
  return {
    find: (kind, name) => {
      const category = categoryOfKind[kind];
      if (kind === 'Role' && isBuiltInRole(name)) return builtIn(name);
      if (category === 'user') {
        const [row] = directory.find({
          where: { nameKey: deps.nameKeys.nameKey(category, name), removed: 0 },
          limit: 1,
        });
        return row === undefined ? null : standingOf(row);
      }
      if (category === 'group' || category === 'role') {
        const [row] = directory.find({ where: { kind: category, name, removed: 0 }, limit: 1 });
        return row === undefined ? null : standingOf(row);
      }
      const [row] = targetCatalogue.find({ where: { kind: category, name, withdrawn: 0 }, limit: 1 });
      return row === undefined ? null : declaredStanding(row);
    },
    nameOf: (id) => directory.get(id)?.name ?? targetCatalogue.get(id)?.name ?? id,
    accountsOn: (targetId) =>
      targetCatalogue
        .find({ where: { kind: 'account', targetId, withdrawn: 0 }, limit: 10_000 })
        .map((row) => ({ id: row.id, username: (row.spec as unknown as AccountSpec).username })),
  };
}

/** All that stand of a kind, oldest first, read page by page; built-in roles come first. */
export function* everyStanding(deps: ResourceDeps, kind: Kind): Generator<Standing> {
  const category = categoryOfKind[kind];
  if (kind === 'Role') yield* (Object.keys(builtInRoles) as (keyof typeof builtInRoles)[]).map(builtIn);
  if (category === 'user' || category === 'group' || category === 'role') {
    for (const row of everyRow(deps.views.directory, { kind: category, removed: 0 })) yield standingOf(row);
  } else {
    for (const row of everyRow(deps.views.targetCatalogue, { kind: category, withdrawn: 0 }))
      yield declaredStanding(row);
  }
}

function* everyRow<R extends Row & { readonly id: string }>(view: View<R>, where: Comparison<R>): Generator<R> {
  let after: { readonly value: unknown; readonly key: string } | undefined;
  for (;;) {
    const query: ViewQuery<R> = { where, orderBy: 'id', limit: pageSize, ...(after === undefined ? {} : { after }) };
    const page = view.find(query);
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < pageSize) return;
    after = { value: last.id, key: last.id };
  }
}

const pageSize = 500;

function kindOf(category: DirectoryRow['kind'] | CatalogueKind): Kind {
  return kinds.find((kind) => categoryOfKind[kind] === category) ?? 'Target';
}

export function builtIn(name: keyof typeof builtInRoles): Standing {
  const spec = { name, labels: {}, permissions: builtInRoles[name], scope: null };
  return { id: 'role-built-in', kind: 'Role', name, labels: {}, spec };
}

export function declaredStanding({ id, kind, name, labels, spec }: CatalogueRow): Standing {
  return { id, kind: kindOf(kind), name, labels, spec };
}

/** Rows of the directory hold several kinds; each gives the spec of its own. */
export function standingOf(row: DirectoryRow): Standing {
  const base = { id: row.id, kind: kindOf(row.kind), name: row.name ?? row.id, labels: row.labels };
  const named = { name: base.name, labels: row.labels };
  if (row.kind === 'group') return { ...base, spec: { ...named, members: row.members } };
  if (row.kind === 'role') return { ...base, spec: { ...named, permissions: row.permissions, scope: row.scope } };
  const spec: StandingUser = {
    email: row.email,
    groups: row.groups,
    roles: row.roles,
    secretId: row.secretId,
    mustChange: row.mustChange === 1,
    disabled: row.disabled === 1,
  };
  return { ...base, spec };
}
