import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventFilter, SubscriptionItem } from '../../application/ports/event-log.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { StoredEvent } from '../../domain/kernel/event.ts';
import type { EventRow } from './event-decoding.ts';
import type { HeadWatch } from './head-watch.ts';
import type { LogWarning } from './log-batch.ts';
import type { LogReader } from './log-reader.ts';
import { placeOf, positionOf } from './position.ts';

const pageEvents = 500;

export interface SubscriptionParts {
  readonly reader: LogReader;
  readonly watch: HeadWatch;
  readonly decode: (row: EventRow) => StoredEvent;
  readonly onWarning: (warning: LogWarning) => void;
}

/**
 * Events after a position, page by page from the log, then as they come. Nothing is buffered: who is slow reads later
 * from the log. An event that can't be read parks its stream (a warning names it) and the others go on.
 */
export async function* subscribe(
  parts: SubscriptionParts,
  options: { readonly after: string | null; readonly filter?: EventFilter; readonly signal: AbortSignal },
): AsyncGenerator<SubscriptionItem, void> {
  const { reader, watch } = parts;
  const { filter, signal } = options;
  const parked = new Set<string>();
  let place = placeOf(options.after);
  if (place > reader.head()) {
    const message = `the log ends before ${positionOf(place)}, which was read from it: its end was cut or an older copy restored; run "audit verify" and rebuild what was read`;
    throw new SallyportError('integrity', 'position-beyond-head', message);
  }
  let told: number | undefined;
  while (!signal.aborted) {
    const { wakes } = watch;
    const { rows, upTo, head } = reader.page(place, pageEvents, filter);
    const events = readable(parts, rows, parked);
    place = upTo;
    if (events.length > 0) yield { kind: 'events', events };
    if (place < head) {
      await nextTurn();
      continue;
    }
    if (told !== place && !isAborted(signal)) {
      told = place;
      yield { kind: 'caught-up', position: positionOf(place) };
    }
    await watch.beyond(place, wakes, signal);
  }
}

/** A yield may take any time: the signal is looked at again. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function readable(parts: SubscriptionParts, rows: readonly EventRow[], parked: Set<string>): StoredEvent[] {
  const events: StoredEvent[] = [];
  for (const row of rows) {
    if (parked.has(row.stream)) continue;
    try {
      events.push(parts.decode(row));
    } catch (error) {
      if (!(error instanceof SallyportError) || error.kind !== 'integrity') throw error;
      parked.add(row.stream);
      parts.onWarning({ code: 'event-unreadable', message: `${error.message}; the rest of this stream is left out` });
    }
  }
  return events;
}
