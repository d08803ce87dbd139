import type { ViewChanges, ViewStore } from '../../application/ports/view-store.ts';
import type { Row, ViewDefinition } from '../../application/ports/views.ts';
import type { Position, StoredEvent } from '../../domain/kernel/event.ts';
import type { StreamId } from '../../domain/kernel/ids.ts';

/** An event that a view could not apply: its stream stands still in that view from here on. */
export interface Poison {
  readonly event: StoredEvent;
  readonly error: unknown;
}

export interface Applied<R extends Row> {
  readonly changes: ViewChanges<R>;
  readonly poison: readonly Poison[];
}

interface Keyed {
  readonly event: StoredEvent;
  readonly keys: readonly string[];
}

type Seen = Pick<ViewStore<Row>, 'checkpoint' | 'newestAt' | 'parked'>;
type Source<R extends Row> = Seen & Pick<ViewStore<R>, 'load' | 'recall'>;

/**
 * The changes that a run of events makes. Events at or before the checkpoint, and those of parked streams, are passed
 * over. An event whose `keys` or `apply` throws changes nothing and parks its stream; all other streams go on.
 */
export function applyBatch<R extends Row>(
  view: ViewDefinition<R>,
  store: Source<R>,
  events: readonly StoredEvent[],
): Applied<R> {
  const parkedBefore = store.parked();
  const parked = new Map<StreamId, Position>();
  const poison: Poison[] = [];
  const park = (event: StoredEvent, error: unknown): void => {
    parked.set(event.stream, event.position);
    poison.push({ event, error });
  };

  let checkpoint = store.checkpoint();
  let newestAt = store.newestAt();
  let wipe = false;
  const steps: Keyed[] = [];
  for (const event of events) {
    if (event.position <= checkpoint) continue;
    checkpoint = event.position;
    if (parkedBefore.has(event.stream) || parked.has(event.stream)) continue;
    if (event.metadata.at > newestAt) newestAt = event.metadata.at;
    if (event.type === 'PersonShredded') wipe = true;
    try {
      steps.push({ event, keys: view.keys(event) });
    } catch (error) {
      park(event, error);
    }
  }

  const before = store.load(keysToLoad(view.rowPer, steps));
  const known = view.remember === undefined ? new Map<StreamId, Row>() : store.recall(streamsToRecall(steps));
  const remembered = new Map<StreamId, Row>();
  const rows = new Map<string, R | undefined>();
  for (const { event, keys } of steps) {
    const stopped = parked.get(event.stream);
    if (stopped !== undefined && event.position >= stopped) continue;
    try {
      const told = view.remember?.(event) ?? known.get(event.stream);
      const next = keys.map((key) => view.apply(rows.has(key) ? rows.get(key) : before.get(key), event, key, told));
      if (told !== undefined && told !== known.get(event.stream)) {
        known.set(event.stream, told);
        remembered.set(event.stream, told);
      }
      keys.forEach((key, index) => rows.set(key, next[index]));
    } catch (error) {
      park(event, error);
    }
  }
  return { changes: { rows, parked, remembered, checkpoint, newestAt, wipe: wipe && view.personal === true }, poison };
}

/** Of a stream that begins here there is nothing to recall. */
function streamsToRecall(steps: readonly Keyed[]): Set<StreamId> {
  const begun = new Set<StreamId>();
  const streams = new Set<StreamId>();
  for (const { event } of steps) {
    if (event.streamVersion === 1) begun.add(event.stream);
    else if (!begun.has(event.stream)) streams.add(event.stream);
  }
  return streams;
}

/** Most events of a rebuild are about rows that are new: looking for those takes longer than anything else here. */
function keysToLoad(rowPer: ViewDefinition['rowPer'], steps: readonly Keyed[]): Set<string> {
  const keys = new Set<string>();
  if (rowPer === 'event') return keys;
  const begun = new Set<StreamId>();
  for (const { event, keys: touched } of steps) {
    if (rowPer === 'stream' && event.streamVersion === 1) begun.add(event.stream);
    if (!begun.has(event.stream)) for (const key of touched) keys.add(key);
  }
  return keys;
}
