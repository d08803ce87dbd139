import type { NodeId, StreamId, UserId } from './ids.ts';

/** Who caused an event. `unknown` is somebody before login, known by the network address only. */
export type Actor =
  | { readonly kind: 'user'; readonly userId: UserId }
  | { readonly kind: 'system'; readonly nodeId: NodeId | null }
  | { readonly kind: 'unknown'; readonly source: string };

/** `at` is UTC, ISO 8601 with milliseconds. */
export interface EventMetadata {
  readonly at: string;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly causationId: string | null;
}

/** What a decider decides: a past-tense fact without envelope. `data` holds only JSON values. */
export interface DomainEvent<T extends string = string, D = unknown> {
  readonly type: T;
  readonly data: D;
}

/** An opaque, fixed-width, sortable text: the place of an event in the log. */
export type Position = string;

/** An event as the log gives it back, already in its newest schema version. */
export interface StoredEvent<E extends DomainEvent = DomainEvent> {
  readonly id: string;
  readonly position: Position;
  readonly stream: StreamId;
  /** 1 for the first event of a stream. */
  readonly streamVersion: number;
  readonly type: E['type'];
  readonly schemaVersion: number;
  readonly data: E['data'];
  readonly metadata: EventMetadata;
}

/** How one stored event type is kept: its schema version, its upcasts and its personal fields. */
export interface EventSchema {
  /** The version written today; 1 for a type that never changed shape. */
  readonly version: number;
  /** `upcasts[n]` turns data of version n into version n + 1. Pure. */
  readonly upcasts?: Readonly<Record<number, (data: Record<string, unknown>) => Record<string, unknown>>>;
  /** Names of the top-level fields that are `Personal`. */
  readonly personal?: readonly string[];
  /** Top-level field that names the person; without it the stream itself is the person (`user-…`). */
  readonly person?: string;
}

/** All event types of one aggregate, by type name. */
export type EventSchemas<E extends DomainEvent = DomainEvent> = Readonly<Record<E['type'], EventSchema>>;
