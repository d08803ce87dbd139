import type { IdentityProviderSpec } from '../../domain/provider/events.ts';
import type { CheckedDocument, ResourceProblem } from './check.ts';
import type { ResourceDeps } from './deps.ts';
import type { PlannedChange } from './plan.ts';

/** What stands against the settings of identity providers that a plan would make or revise. */
export async function providerProblems(
  { providerChecks }: ResourceDeps,
  documents: readonly CheckedDocument[],
  changes: readonly PlannedChange[],
): Promise<readonly ResourceProblem[]> {
  const revised = changes.filter(({ kind, outcome }) => kind === 'IdentityProvider' && outcome !== 'unchanged');
  const found = revised.map(async ({ document, spec }) => {
    const problems = await providerChecks.problems(spec as IdentityProviderSpec);
    const where = documents.find((each) => each.document === document);
    return where === undefined ? [] : problems.map(({ path, message }) => where.problem(path, message));
  });
  return (await Promise.all(found)).flat();
}
