import type { AccountSpec, TargetSpec } from '../../domain/target/events.ts';
import type { AccountId, ConditionId, EntitlementId, PolicyId, TargetId } from '../../domain/kernel/ids.ts';
import type { AccessPlace, PolicySet, Standing } from '../../domain/policy/evaluate.ts';
import type { ConditionSpec, EntitlementSpec, PolicySpec } from '../../domain/policy/events.ts';
import type { CatalogueKind, CatalogueRow, ReadModels } from '../ports/read-models.ts';
import { everyRow } from '../reading.ts';

type Catalogue = ReadModels['targetCatalogue'];

function standing<Id extends string, Spec>(catalogue: Catalogue, kind: CatalogueKind): readonly Standing<Id, Spec>[] {
  return everyRow<CatalogueRow>(catalogue, 'id', { where: { kind, withdrawn: 0 } }).map((row) => ({
    id: row.id as string as Id,
    version: row.version,
    spec: row.spec as unknown as Spec,
  }));
}

/** Every policy, entitlement and condition that stands now. */
export function policySet(catalogue: Catalogue): PolicySet {
  return {
    policies: standing<PolicyId, PolicySpec>(catalogue, 'policy'),
    entitlements: standing<EntitlementId, EntitlementSpec>(catalogue, 'entitlement'),
    conditions: standing<ConditionId, ConditionSpec>(catalogue, 'condition'),
  };
}

export interface Place extends AccessPlace {
  readonly target: { readonly id: TargetId; readonly spec: TargetSpec };
  readonly accounts: readonly { readonly id: AccountId; readonly username: string; readonly spec: AccountSpec }[];
}

/** The accounts of a target row. */
export function placeOf(catalogue: Catalogue, row: CatalogueRow): Place {
  const where = { kind: 'account', targetId: row.id as TargetId, withdrawn: 0 } as const;
  return place(row, everyRow<CatalogueRow>(catalogue, 'id', { where }));
}

function place(row: CatalogueRow, accounts: readonly CatalogueRow[]): Place {
  return {
    target: { id: row.id as TargetId, spec: row.spec as unknown as TargetSpec },
    accounts: accounts.map((account) => {
      const spec = account.spec as unknown as AccountSpec;
      return { id: account.id as AccountId, username: spec.username, spec };
    }),
  };
}

/** The target of this name with its accounts, or null. */
export function findPlace(catalogue: Catalogue, targetName: string): Place | null {
  const [row] = catalogue.find({ where: { kind: 'target', name: targetName, withdrawn: 0 }, limit: 1 });
  return row === undefined ? null : placeOf(catalogue, row);
}

interface KeptPlaces {
  readonly revision: number;
  readonly places: readonly Place[];
}

/** Reading and parsing thousands of rows takes longer than all else a list does. */
const kept = new WeakMap<Catalogue, KeptPlaces>();

/** Every target that stands, with its accounts, in the order of names; kept until a row of the catalogue changes. */
export function everyPlace(catalogue: Catalogue): readonly Place[] {
  const revision = catalogue.revision();
  const known = kept.get(catalogue);
  if (known?.revision === revision) return known.places;
  const targets = everyRow<CatalogueRow>(catalogue, 'id', { where: { kind: 'target', withdrawn: 0 } });
  const accounts = Map.groupBy(
    everyRow<CatalogueRow>(catalogue, 'id', { where: { kind: 'account', withdrawn: 0 } }),
    ({ targetId }) => targetId,
  );
  const places = targets
    .map((row) => place(row, accounts.get(row.id as TargetId) ?? []))
    .sort((a, b) => (a.target.spec.name < b.target.spec.name ? -1 : 1));
  kept.set(catalogue, { revision, places });
  return places;
}
