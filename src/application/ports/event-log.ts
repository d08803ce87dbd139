import type { DomainEvent, EventMetadata, EventSchemas, Position, StoredEvent } from '../../domain/kernel/event.ts';
import type { Category, StreamId } from '../../domain/kernel/ids.ts';

/** An event to append; `id` is a uuid, unique over the whole log. */
export interface NewEvent<E extends DomainEvent = DomainEvent> {
  readonly id: string;
  readonly type: E['type'];
  readonly data: E['data'];
  readonly metadata: EventMetadata;
}

export type AppendResult =
  | {
      readonly ok: true;
      readonly version: number;
      readonly position: Position;
      readonly events: readonly StoredEvent[];
    }
  | { readonly ok: false; readonly actualVersion: number };

/** Both given: an event must be of one of the categories and of one of the types. */
export interface EventFilter {
  readonly categories?: readonly Category[];
  readonly types?: readonly string[];
}

export interface ReadAll {
  /** Events after this position; null: from the first. */
  readonly after: Position | null;
  readonly limit: number;
  readonly filter?: EventFilter;
}

/** Events of a stream after this position of the log; null: from the first. */
export interface StreamPage {
  readonly after: Position | null;
  readonly limit: number;
}

/** `caught-up` comes each time the subscriber has been given everything up to `position`. */
export type SubscriptionItem =
  | { readonly kind: 'events'; readonly events: readonly StoredEvent[] }
  | { readonly kind: 'caught-up'; readonly position: Position };

/**
 * The one log. An append is acknowledged only when it is durable (on disk). Every read gives events in their newest
 * schema version, personal fields opened or `Shredded`.
 * Errors: `SallyportError` kind `unavailable`, code `log-unavailable` (disk full, I/O error, closed) - nothing was
 * appended as far as anybody can be told, and the caller must treat the wish as not done; kind `integrity`, code
 * `duplicate-event-id`; kind `invalid`, code `unknown-event-type`.
 */
export interface EventLog {
  /**
   * Appends all events or none. `expectedVersion` is the number of events the stream has now (0: it must not exist).
   * The same events (ids) at the same place again are acknowledged without a second copy.
   */
  append(stream: StreamId, expectedVersion: number, events: readonly NewEvent[]): Promise<AppendResult>;
  /** The events of a stream in order, all or one page of them; an unknown stream is empty. */
  readStream(stream: StreamId, page?: StreamPage): Promise<readonly StoredEvent[]>;
  /** The events at these positions, in the order of the log; a position without an event is left out. */
  readAt(positions: readonly Position[]): Promise<readonly StoredEvent[]>;
  readAll(read: ReadAll): Promise<readonly StoredEvent[]>;
  /** The position of the last durable event; of an empty log the position before the first. */
  head(): Promise<Position>;
  /** `at` of the newest event, or null: time never runs behind it (HOUSE.md, "now"). */
  newestAt(): Promise<string | null>;
  /** Rejects as an append would when nothing can be written durably now; appends nothing. */
  probe(): Promise<void>;
  /** Events after a position, from the log and then as they come, also from other processes; ends with the signal. */
  subscribeAll(options: {
    readonly after: Position | null;
    readonly filter?: EventFilter;
    readonly signal: AbortSignal;
  }): AsyncIterable<SubscriptionItem>;
}

/** Every event type the log may hold; given to the log adapter, which refuses to append any other. */
export type EventCatalogue = EventSchemas;
