import type { TargetId } from '../../domain/kernel/ids.ts';
import type { ReadModels } from '../ports/read-models.ts';
import type { Destination } from './door.ts';

/**
 * The target that was tried although nothing was decided about it, or that was withdrawn. Of a name that no target ever
 * had nothing is kept: people type passwords into the wrong field.
 */
export function namedTarget(
  { views }: { readonly views: Pick<ReadModels, 'targetCatalogue'> },
  { target: name }: Destination,
): TargetId | null {
  if (name === null) return null;
  try {
    const newest = { where: { kind: 'target', name }, orderBy: 'declaredAt', descending: true, limit: 1 } as const;
    const [row] = views.targetCatalogue.find(newest);
    return row === undefined ? null : (row.id as TargetId);
  } catch {
    return null;
  }
}
