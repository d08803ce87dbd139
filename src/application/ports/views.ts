import type { Position, StoredEvent } from '../../domain/kernel/event.ts';

export type ColumnType = 'text' | 'integer' | 'json';
export type Row = Readonly<Record<string, unknown>>;

/**
 * What a projection declares (HOUSE.md, "Projection"). Pure and idempotent: `apply` gives the new row of one key,
 * undefined removes it. `keys` names every row that an event touches, from the event alone.
 */
export interface ViewDefinition<R extends Row = Row> {
  readonly name: string;
  /** Raising it rebuilds the view beside the old one, then swaps. */
  readonly version: number;
  readonly columns: Readonly<Record<keyof R & string, ColumnType>>;
  /** The column that holds the key; its values are unique. */
  readonly key: keyof R & string;
  /**
   * Each ends with the key. Of several that would do for a question the earlier is taken: those that leave fewer rows
   * stand first.
   */
  readonly indexes: readonly (readonly (keyof R & string)[])[];
  /** Event types; `all`: every event of the log, of types that are not known yet too. */
  readonly handles: readonly string[] | 'all';
  /**
   * Says which rows cannot stand yet, so that they are not looked for. `event`: each event makes a row of its own that
   * no other one touches. `stream`: a row is of one stream, by whose id it is kept, and of no other stream's events.
   */
  readonly rowPer?: 'event' | 'stream';
  /** Hot and small: `get` and `find` answer from memory. */
  readonly hot?: true;
  /** Holds personal data: what is overwritten is wiped in the file too, and at once when a person is shredded. */
  readonly personal?: true;
  /** Rows go so long after the time in `column`, by the newest `at` the view has seen. `apply` never moves that time. */
  readonly expiry?: { readonly column: keyof R & string; readonly keepMilliseconds: number };
  /**
   * What the later events of a stream do not say themselves: kept per stream beside the rows and given to `apply` as
   * `remembered`, for this event and those after it. Undefined: what was remembered before stands.
   */
  readonly remember?: (event: StoredEvent) => Row | undefined;
  keys(event: StoredEvent): readonly string[];
  apply(row: R | undefined, event: StoredEvent, key: string, remembered?: Row): R | undefined;
}

/**
 * Each column equal to a value, one of several, between two (neither of which is in), or a text that has each of some
 * texts in it. Null is in no range and has nothing in it.
 */
export type Comparison<R extends Row> = {
  readonly [K in keyof R & string]?:
    | R[K]
    | { readonly in: readonly R[K][] }
    | { readonly above?: R[K]; readonly below?: R[K] }
    | { readonly containing: readonly string[] };
};

/** A page of rows in the order of one column (key as tie-breaker); `after` is the last row of the page before. */
export interface ViewQuery<R extends Row> {
  readonly where?: Comparison<R>;
  readonly orderBy?: keyof R & string;
  readonly descending?: boolean;
  readonly after?: { readonly value: unknown; readonly key: string };
  readonly limit: number;
}

/** Reading one view. A view that has fallen over throws `SallyportError` kind `unavailable`, code `view-unavailable`. */
export interface View<R extends Row> {
  get(key: string): R | undefined;
  find(query: ViewQuery<R>): readonly R[];
  count(where?: Comparison<R>): number;
  /** Another number after every write that may have changed a row: for what is kept in memory of the rows. */
  revision(): number;
  /** Everything up to here has been applied; the empty text before the first event. */
  position(): Position;
  /**
   * Resolves once the view has applied everything up to `position`. Rejects with `SallyportError` kind `unavailable`:
   * code `view-behind` when `deadlineMilliseconds` pass first, `view-unavailable` while the view cannot go on.
   */
  reached(position: Position, deadlineMilliseconds: number): Promise<void>;
}
