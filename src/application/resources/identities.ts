import { fold } from '../../domain/kernel/decider.ts';
import { streamId, type StreamId } from '../../domain/kernel/ids.ts';
import { nameDecider } from '../../domain/name/decider.ts';
import type { NameEvent } from '../../domain/name/events.ts';
import type { CheckedDocument } from './check.ts';
import type { ResourceDeps } from './deps.ts';
import { categoryOfKind, type Kind } from './kinds.ts';
import type { ResourceState } from './state.ts';

/** The stream that reserves a name, and who holds it now. */
async function holderOf(deps: ResourceDeps, nameKey: string): Promise<StreamId | null> {
  const events = await deps.tools.log.readStream(streamId('name', nameKey));
  const state = fold(nameDecider, events as unknown as readonly NameEvent[]);
  return state.status === 'held' ? state.holder : null;
}

export function nameKeyOf(deps: ResourceDeps, kind: Kind, name: string): string {
  return deps.nameKeys.nameKey(categoryOfKind[kind], name);
}

export interface Identity {
  readonly id: StreamId;
  /** Holds the name but is withdrawn: a removal that was cut off. It gives the name up first. */
  readonly stale: StreamId | null;
}

/**
 * Ids for the documents whose things do not stand yet, by document number. A name that an earlier apply reserved, and
 * then was cut off, is taken on with the id it was reserved for.
 */
export async function newIdentities(
  deps: ResourceDeps,
  state: ResourceState,
  documents: readonly CheckedDocument[],
): Promise<ReadonlyMap<number, Identity>> {
  const identities = new Map<number, Identity>();
  for (const { document, kind, name } of documents) {
    if (state.find(kind, name) !== null) continue;
    const holder = await holderOf(deps, nameKeyOf(deps, kind, name));
    const unborn = holder !== null && (await deps.tools.log.readStream(holder)).length === 0;
    const id = unborn ? holder : streamId(categoryOfKind[kind], deps.tools.ids.uuid());
    identities.set(document, { id, stale: unborn ? null : holder });
  }
  return identities;
}
