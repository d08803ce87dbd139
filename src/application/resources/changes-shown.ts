import type { StreamId } from '../../domain/kernel/ids.ts';
import type { ResourceDocument } from '../ports/resource-document.ts';
import type { Checked } from './check.ts';
import { documentOf } from './get.ts';
import type { PlannedChange } from './plan.ts';
import type { Kind } from './kinds.ts';
import type { Outcome, Standing } from './rules.ts';
import type { ResourceState } from './state.ts';

export interface AppliedChange {
  readonly kind: Kind;
  readonly name: string;
  readonly outcome: Outcome;
  /** As it stood; null when it is new. Neither has write-only values. */
  readonly before: ResourceDocument | null;
  readonly after: ResourceDocument;
}

/** What a plan alters, in the order of the documents: each thing as it stood and as it will stand. */
export function changesShown(
  changes: readonly PlannedChange[],
  { documents, writeOnly }: Pick<Checked, 'documents' | 'writeOnly'>,
  state: ResourceState,
): readonly AppliedChange[] {
  const names = new Map<StreamId, string>(changes.map(({ id, name }) => [id, name]));
  const nameOf = (id: StreamId): string => names.get(id) ?? state.nameOf(id);
  return changes
    .toSorted((a, b) => a.document - b.document)
    .map(({ document, kind, name, id, outcome, spec }) => {
      const labels = documents.find((each) => each.document === document)?.labels ?? {};
      const standing = state.find(kind, name);
      const before = standing === null ? null : documentOf(standing, state.nameOf);
      const planned: Standing = { id, kind, name, labels, spec };
      const drawn = writeOnly.get(document)?.generate !== undefined;
      const after = outcome === 'unchanged' && before !== null ? before : withoutDrawn(planned, nameOf, drawn);
      return { kind, name, outcome, before, after };
    });
}

/** A public key that is drawn when it is applied is not known before. */
function withoutDrawn(planned: Standing, nameOf: (id: StreamId) => string, drawn: boolean): AppliedChange['after'] {
  const document = documentOf(planned, nameOf);
  if (planned.kind !== 'SshKey' || !drawn) return document;
  const { publicKey: _drawn, ...spec } = document.spec;
  return { ...document, spec };
}
