import type { Position } from '../../domain/kernel/event.ts';
import type { StreamId } from '../../domain/kernel/ids.ts';
import type { Comparison, Row, ViewDefinition, ViewQuery } from './views.ts';

/** What one transaction writes: rows by key (undefined removes), streams that are parked from now on, the checkpoint. */
export interface ViewChanges<R extends Row> {
  readonly rows: ReadonlyMap<string, R | undefined>;
  readonly parked: ReadonlyMap<StreamId, Position>;
  /** What `remember` of the view has given, by stream. */
  readonly remembered: ReadonlyMap<StreamId, Row>;
  readonly checkpoint: Position;
  /** The newest `at` that the view has seen; rows whose time is up by it go in the same transaction. */
  readonly newestAt: string;
  /** A person was shredded: nothing overwritten may be left in the file or its journal. */
  readonly wipe: boolean;
}

/** The rows that readers are given. */
export interface ViewRows<R extends Row> {
  get(key: string): R | undefined;
  find(query: ViewQuery<R>): readonly R[];
  count(where?: Comparison<R>): number;
}

/**
 * Where one view is kept, with its checkpoint. A view of a new version (or without a file) is built beside the old
 * rows, which serve until `finish`. Methods throw what the disk throws; the same call may then be made again.
 */
export interface ViewStore<R extends Row> {
  /** True until `finish`: what is written is not what is served. */
  building(): boolean;
  /** The place in the log up to which rows have been written; empty text: nothing yet. */
  checkpoint(): Position;
  newestAt(): string;
  /** Streams that an event has parked; their later events are not applied. */
  parked(): ReadonlySet<StreamId>;
  load(keys: Iterable<string>): Map<string, R>;
  /** What is remembered of these streams; only for a view with `remember`. */
  recall(streams: Iterable<StreamId>): Map<StreamId, Row>;
  /** All in one transaction. Gives the keys of rows whose time was up. */
  write(changes: ViewChanges<R>): readonly string[];
  /** The build is complete: makes the indexes and swaps. */
  finish(): void;
  /** What readers are given; undefined before the first build is complete. */
  serving(): ViewRows<R> | undefined;
  /** Every row that is served. */
  all(): IterableIterator<R>;
  close(): void;
}

export interface ViewStores {
  /** Opens the store of a view. A file that cannot be read is given up with a warning: the view is built again. */
  open<R extends Row>(definition: ViewDefinition<R>, onWarning: (message: string) => void): ViewStore<R>;
  /** The same, but gives up what was there: the log is not the one it was built from. */
  openAfresh<R extends Row>(definition: ViewDefinition<R>, onWarning: (message: string) => void): ViewStore<R>;
}
