import { foldText } from '../../domain/kernel/fold-text.ts';
import { builtInRoles } from '../../domain/policy/permissions.ts';
import type { ListedResource, ResourceListWish } from '../ports/administration.ts';
import { mustAdminister, type ResourceDeps, type ResourceViewer } from './deps.ts';
import { documentOf } from './get.ts';
import { kindRules } from './kind-rules.ts';
import { categoryOfKind, type Kind } from './kinds.ts';
import { type Referrer, referrersOf } from './referrers.ts';
import type { Standing } from './rules.ts';
import { builtIn, declaredStanding, readState, standingOf } from './state.ts';

interface Listed {
  readonly standing: Standing;
  readonly declaredAt: string | null;
}

/**
 * A page of the resources of one kind by name, built-in roles first, as documents without write-only values. Errors:
 * `denied` without `administer`; `unavailable`.
 */
export async function listResources(
  deps: ResourceDeps,
  viewer: ResourceViewer,
  wish: ResourceListWish & { readonly kind: Kind },
): Promise<readonly ListedResource[]> {
  mustAdminister(viewer);
  const state = await readState(deps);
  return shown(deps, [...builtInPage(wish), ...rowsPage(deps, wish)].slice(0, wish.limit), state.nameOf);
}

/** The resource of this name, or null. Errors: as above. */
export async function findResource(
  deps: ResourceDeps,
  viewer: ResourceViewer,
  kind: Kind,
  name: string,
): Promise<ListedResource | null> {
  mustAdminister(viewer);
  const state = await readState(deps);
  const standing = state.find(kind, name.normalize('NFC'));
  if (standing === null) return null;
  const { directory, targetCatalogue } = deps.views;
  const declaredAt = targetCatalogue.get(standing.id)?.declaredAt ?? directory.get(standing.id)?.createdAt ?? null;
  return shown(deps, [{ standing, declaredAt }], state.nameOf)[0] ?? null;
}

/** Built-in roles have no row; their place is before every name. */
function builtInPage({ kind, search, after }: ResourceListWish & { readonly kind: Kind }): readonly Listed[] {
  if (kind !== 'Role') return [];
  const roles = Object.keys(builtInRoles) as (keyof typeof builtInRoles)[];
  const rest =
    after === null ? roles : after.value === '' ? roles.slice(roles.findIndex((role) => role === after.key) + 1) : [];
  return rest
    .filter((role) => search.every((text) => foldText(role).includes(text)))
    .map((role) => ({ standing: builtIn(role), declaredAt: null }));
}

function rowsPage(
  deps: ResourceDeps,
  { kind, search, after, limit }: ResourceListWish & { readonly kind: Kind },
): Listed[] {
  const category = categoryOfKind[kind];
  const sought = search.length === 0 ? {} : { search: { containing: search } };
  const page = { orderBy: 'name' as const, limit, ...(after === null ? {} : { after }) };
  if (category === 'user' || category === 'group' || category === 'role') {
    const rows = deps.views.directory.find({ ...page, where: { kind: category, removed: 0, ...sought } });
    return rows.map((row) => ({ standing: standingOf(row), declaredAt: row.createdAt }));
  }
  const rows = deps.views.targetCatalogue.find({ ...page, where: { kind: category, withdrawn: 0, ...sought } });
  return rows.map((row) => ({ standing: declaredStanding(row), declaredAt: row.declaredAt }));
}

/** What refers to a page is looked up for all of it at once, and only when somebody asks. */
function shown(
  deps: ResourceDeps,
  page: readonly Listed[],
  nameOf: (id: Standing['id']) => string,
): readonly ListedResource[] {
  let referring: Promise<ReadonlyMap<Standing, readonly Referrer[]>> | undefined;
  return page.map(({ standing, declaredAt }) => {
    const document = documentOf(standing, nameOf);
    const own = standing.id === 'role-built-in';
    return {
      id: own ? null : standing.id,
      declaredAt,
      document,
      yaml: deps.yaml.print([document as unknown as Parameters<typeof deps.yaml.print>[0][number]]),
      hasSecret: kindRules[standing.kind].secretOf(standing.spec) !== null,
      place: own ? { value: '', key: standing.name } : { value: standing.name, key: standing.id },
      referrers: async () => {
        referring ??= referrersOf(
          deps,
          page.map((each) => each.standing),
        );
        return (await referring).get(standing) ?? [];
      },
    };
  });
}
