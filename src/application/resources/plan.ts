import type { StreamId, TargetId } from '../../domain/kernel/ids.ts';
import type { AccountSpec } from '../../domain/target/events.ts';
import type { YamlPath } from '../ports/yaml.ts';
import { type CheckedDocument, type ResourceProblem, resourceKey } from './check.ts';
import { kindRules } from './kind-rules.ts';
import { type Kind, kinds } from './kinds.ts';
import type { IdOf, Outcome, PlannedSecret, References } from './rules.ts';
import type { ResourceState } from './state.ts';

/** What planning needs beside the documents. Ids and secrets of new things are made beforehand. */
export interface PlanState extends Pick<ResourceState, 'find' | 'accountsOn'> {
  nameKey(kind: Kind, name: string): string;
  /** The id that a new thing of a document will have. */
  newId(document: CheckedDocument): StreamId;
  /** The secret that a document brings; null when it brings none, or none that acts. */
  secret(document: CheckedDocument): PlannedSecret | null;
}

/** One document's part of a plan; it holds no secret, only the id under which one will be sealed. */
export interface PlannedChange {
  readonly document: number;
  readonly kind: Kind;
  readonly name: string;
  readonly nameKey: string;
  readonly id: StreamId;
  readonly outcome: Outcome;
  readonly spec: unknown;
  readonly secretId: string | null;
  /** The vault record that the new secret takes the place of. */
  readonly superseded: string | null;
}

export type Plan =
  | { readonly ok: true; readonly changes: readonly PlannedChange[] }
  | { readonly ok: false; readonly problems: readonly ResourceProblem[] };

/**
 * What has to be done so that the documents hold: a pure function. References go to what stands and to what the same
 * documents declare, earlier or later. Changes come in the order in which they have to be made. Any problem: no plan.
 */
export function planResources(documents: readonly CheckedDocument[], state: PlanState): Plan {
  const problems: ResourceProblem[] = [];
  const ids = new Map<string, StreamId>();
  for (const document of documents) {
    const id = state.find(document.kind, document.name)?.id ?? state.newId(document);
    ids.set(resourceKey(document.kind, document.name), id);
  }
  const changes = documents.flatMap((document) => planOne(document, state, ids, problems));
  problems.push(...sharedLogins(documents, changes, state));
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, changes: changes.toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind)) };
}

function planOne(
  document: CheckedDocument,
  state: PlanState,
  ids: ReadonlyMap<string, StreamId>,
  problems: ResourceProblem[],
): PlannedChange[] {
  const { kind, name, labels, spec } = document;
  const standing = state.find(kind, name);
  const id = ids.get(resourceKey(kind, name));
  if (id === undefined) return [];
  const secret = state.secret(document);
  const nameKey = state.nameKey(kind, name);
  let unresolved = 0;
  const references: References = {
    id<K extends Kind>(wanted: K, wantedName: string, path: YamlPath): IdOf<K> {
      const found = ids.get(resourceKey(wanted, wantedName)) ?? state.find(wanted, wantedName.normalize('NFC'))?.id;
      if (found === undefined) {
        unresolved += 1;
        problems.push(
          document.problem(path, `there is no ${wanted} named ${JSON.stringify(wantedName)}, here or in this file`),
        );
      }
      return (found ?? id) as IdOf<K>;
    },
  };
  const rules = kindRules[kind];
  const planned = rules.plan({ name, nameKey, labels, spec, secret }, standing, references);
  if (!planned.ok) problems.push(document.problem(planned.problem.path, planned.problem.message));
  if (!planned.ok || unresolved > 0) return [];
  const superseded = secret === null || standing === null ? null : rules.secretOf(standing.spec);
  const secretId = secret?.secretId ?? null;
  const { outcome } = planned;
  return [{ document: document.document, kind, name, nameKey, id, outcome, spec: planned.spec, secretId, superseded }];
}

/** A login name says user, account and target: the same account name twice on one target would be no name. */
function sharedLogins(
  documents: readonly CheckedDocument[],
  changes: readonly PlannedChange[],
  state: PlanState,
): ResourceProblem[] {
  const planned = new Map<TargetId, Map<string, StreamId>>();
  const inFile = new Set(changes.map((change) => change.id));
  return changes.flatMap((change) => {
    if (change.kind !== 'Account') return [];
    const { targetId, username } = change.spec as AccountSpec;
    let logins = planned.get(targetId);
    if (logins === undefined) {
      const others = state.accountsOn(targetId).filter((account) => !inFile.has(account.id));
      logins = new Map(others.map((account) => [account.username, account.id]));
      planned.set(targetId, logins);
    }
    const document = documents.find((each) => each.document === change.document);
    if (logins.has(username) && document !== undefined) {
      return [document.problem(['spec', 'username'], 'another Account with this username is on the same target')];
    }
    logins.set(username, change.id);
    return [];
  });
}
