import type { IdentityProviderSpec } from '../../domain/provider/events.ts';
import type { CatalogueRow } from '../ports/read-models.ts';
import { everyRow } from '../reading.ts';
import type { CheckedDocument, ResourceProblem } from './check.ts';
import type { ResourceDeps } from './deps.ts';
import type { PlannedChange } from './plan.ts';

/** What stands against the settings of identity providers that a plan would make or revise. */
export async function providerProblems(
  deps: ResourceDeps,
  documents: readonly CheckedDocument[],
  changes: readonly PlannedChange[],
): Promise<readonly ResourceProblem[]> {
  const revised = changes.filter(({ kind, outcome }) => kind === 'IdentityProvider' && outcome !== 'unchanged');
  const found = revised.map(async (change): Promise<readonly ResourceProblem[]> => {
    const where = documents.find((each) => each.document === change.document);
    if (where === undefined) return [];
    const spec = change.spec as IdentityProviderSpec;
    const problems = (await deps.providerChecks.problems(spec)).map(({ path, message }) =>
      where.problem(path, message),
    );
    if (problems.length > 0 || !wasAnother(deps, spec)) return problems;
    return [where.problem(['metadata', 'name'], another)];
  });
  return (await Promise.all(found)).flat();
}

const another =
  'was the name of another provider, and people are known by it: what that one called somebody may be somebody else here. Take another name';

/** Identities are a provider's name and its subject (security rule A6), also after the provider was deleted. */
function wasAnother({ providerChecks, views }: ResourceDeps, spec: IdentityProviderSpec): boolean {
  const issuer = providerChecks.issuerOf(spec);
  const earlier = everyRow<CatalogueRow>(views.targetCatalogue, 'id', { where: { kind: 'provider', name: spec.name } });
  return earlier.some((row) => {
    const before = row.spec as unknown as IdentityProviderSpec;
    if (before.connection.type !== spec.connection.type) return true;
    const was = providerChecks.issuerOf(before);
    return was !== null && issuer !== null && was !== issuer;
  });
}
