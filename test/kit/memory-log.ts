import type {
  AppendResult,
  EventFilter,
  EventLog,
  NewEvent,
  SubscriptionItem,
} from '../../src/application/ports/event-log.ts';
import { SallyportError } from '../../src/domain/kernel/errors.ts';
import type { EventSchemas, Position, StoredEvent } from '../../src/domain/kernel/event.ts';
import { categoryOf, type StreamId } from '../../src/domain/kernel/ids.ts';
import { shredded } from '../../src/domain/kernel/personal.ts';

export interface MemoryLog extends EventLog {
  /** What the log adapter does when a person's key is destroyed: personal fields arrive as `Shredded` from now on. */
  shred(person: string): void;
  /** While set, every call fails with it, as on a full disk. */
  fail(error: Error | undefined): void;
}

/** Events given to a subscriber at once. */
const pageSize = 500;

/** The log port in memory, for tests of what reads the log. With a catalogue it refuses unknown types as the real one. */
export function memoryLog(catalogue?: EventSchemas): MemoryLog {
  const events: StoredEvent[] = [];
  const streams = new Map<string, StoredEvent[]>();
  const ids = new Map<string, StoredEvent>();
  const shreddedPersons = new Set<string>();
  const listeners = new Set<() => void>();
  let failure: Error | undefined;

  const check = (): void => {
    if (failure !== undefined) throw failure;
  };
  const opened = (event: StoredEvent): StoredEvent => {
    const schema = catalogue?.[event.type];
    const personal = schema?.personal;
    if (schema === undefined || personal === undefined) return event;
    const data = event.data as Readonly<Record<string, unknown>>;
    const person = schema.person === undefined ? event.stream : String(data[schema.person]);
    if (!shreddedPersons.has(person)) return event;
    const hidden = personal.filter((field) => data[field] !== null).map((field) => [field, shredded]);
    return { ...event, data: { ...data, ...Object.fromEntries(hidden) } };
  };
  const after = (position: Position | null, filter?: EventFilter): StoredEvent[] =>
    events
      .slice(placeOf(position))
      .filter((event) => passes(event, filter))
      .map(opened);
  const head = (): Position => positionOf(events.length);

  return {
    append: async (stream, expectedVersion, wanted): Promise<AppendResult> => {
      check();
      const history = streams.get(stream) ?? [];
      const first = wanted[0];
      if (first !== undefined && sameAs(history.slice(expectedVersion), wanted)) {
        const again = history.slice(expectedVersion, expectedVersion + wanted.length);
        return acknowledged(again, again.length + expectedVersion);
      }
      if (new Set(wanted.map(({ id }) => id)).size < wanted.length) {
        throw new SallyportError('integrity', 'duplicate-event-id', 'two of the events have the same id');
      }
      for (const { type } of wanted) {
        if (catalogue !== undefined && catalogue[type] === undefined) {
          throw new SallyportError('invalid', 'unknown-event-type', `${type} is no event type of this log`);
        }
      }
      if (history.length !== expectedVersion) return { ok: false, actualVersion: history.length };
      const taken = wanted.find(({ id }) => ids.has(id));
      if (taken !== undefined) {
        throw new SallyportError('integrity', 'duplicate-event-id', `event ${taken.id} stands elsewhere`);
      }
      const stored = wanted.map((event, index): StoredEvent => {
        const kept = JSON.parse(JSON.stringify(event)) as NewEvent;
        const schemaVersion = catalogue?.[event.type]?.version ?? 1;
        const place = {
          stream,
          streamVersion: expectedVersion + index + 1,
          position: positionOf(events.length + index + 1),
        };
        return { ...kept, ...place, schemaVersion };
      });
      for (const event of stored) ids.set(event.id, event);
      events.push(...stored);
      streams.set(stream, [...history, ...stored]);
      for (const wake of listeners) wake();
      return acknowledged(stored, expectedVersion + stored.length);
    },
    readStream: async (stream: StreamId, page) => {
      check();
      const rest = (streams.get(stream) ?? []).filter(({ position }) => position > (page?.after ?? ''));
      return rest.slice(0, page?.limit).map(opened);
    },
    readAt: async (positions) => {
      check();
      return events.filter(({ position }) => positions.includes(position)).map(opened);
    },
    readAll: async (read) => {
      check();
      return after(read.after, read.filter).slice(0, read.limit);
    },
    head: async () => {
      check();
      return head();
    },
    newestAt: async () => {
      check();
      return events.at(-1)?.metadata.at ?? null;
    },
    probe: async () => check(),
    async *subscribeAll({ after: from, filter, signal }): AsyncIterable<SubscriptionItem> {
      let seen = from;
      let wake = (): void => {};
      const onWake = (): void => wake();
      listeners.add(onWake);
      signal.addEventListener('abort', onWake);
      try {
        while (!signal.aborted) {
          const appended = new Promise<void>((resolve) => (wake = resolve));
          check();
          const end = head();
          const page = after(seen, filter).slice(0, pageSize);
          if (page.length > 0) yield { kind: 'events', events: page };
          seen = page.length < pageSize ? end : (page.at(-1)?.position ?? seen);
          if (signal.aborted) return;
          if (page.length === pageSize) continue;
          yield { kind: 'caught-up', position: end };
          if (placeOf(end) === events.length && !isAborted(signal)) await appended;
        }
      } finally {
        listeners.delete(onWake);
        signal.removeEventListener('abort', onWake);
      }
    },
    shred: (person) => shreddedPersons.add(person),
    fail: (error) => {
      failure = error;
      for (const wake of listeners) wake();
    },
  };
}

function acknowledged(events: readonly StoredEvent[], version: number): AppendResult {
  return { ok: true, version, position: events.at(-1)?.position ?? positionOf(0), events };
}

function sameAs(stored: readonly StoredEvent[], wanted: readonly NewEvent[]): boolean {
  return wanted.every((event, index) => stored[index]?.id === event.id);
}

function passes(event: StoredEvent, filter: EventFilter | undefined): boolean {
  const { categories, types } = filter ?? {};
  const category = categoryOf(event.stream);
  if (categories !== undefined && (category === undefined || !categories.includes(category))) return false;
  return types === undefined || types.includes(event.type);
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

function positionOf(place: number): Position {
  return String(place).padStart(16, '0');
}

function placeOf(position: Position | null): number {
  return position === null ? 0 : Number(position);
}
