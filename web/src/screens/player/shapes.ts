/** What the server gives of a recording (docs/protocols/http.md, Recordings in a player). Times are milliseconds since the start. */
export interface RecordingIndex {
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** Up to where it is sealed. */
  readonly milliseconds: number;
  readonly whole: boolean;
  readonly live: boolean;
  readonly size: Size | null;
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A channel's screen at a moment; `screen` brings a fresh terminal of this size there. */
export interface Screen extends Size {
  readonly channel: number;
  readonly at: number;
  /** The first record that it does not show. */
  readonly next: number;
  readonly pty: boolean;
  readonly screen: string;
}

export interface RecordLine {
  readonly at: number;
  readonly kind: string;
  readonly channel: number;
  readonly text?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** The last line of an answer: how to go on. */
export interface End<Next> {
  readonly next: Next | null;
  readonly at: number;
}

/** Something that happened; which fields there are depends on `kind`. */
export interface RailLine {
  readonly at: number;
  readonly kind: string;
  readonly channel?: number;
  readonly what?: string;
  readonly text?: string;
  readonly why?: string;
  readonly event?: string;
  readonly path?: string;
  readonly newPath?: string;
  readonly name?: string;
  readonly outcome?: string;
  readonly reason?: string;
  readonly bytes?: number;
  readonly columns?: number;
  readonly rows?: number;
  readonly exitCode?: number | null;
  readonly signal?: string | null;
  readonly pty?: Size | null;
  readonly verdict?: string;
  readonly sort?: string;
  /** Where an `idle` stretch ends. */
  readonly to?: number;
  readonly source?: string;
  readonly client?: string;
}

/** Where a text that is looked for stands; without `match` only how far the search is. */
export interface SearchLine {
  readonly at: number;
  readonly channel?: number;
  readonly kind?: 'shown' | 'typed';
  readonly before?: string;
  readonly match?: string;
  readonly after?: string;
}

/** A statement as recorded (docs/protocols/recording.md, Statements at databases), and how it ended where that is known. */
export interface Statement {
  readonly at: number;
  readonly n?: number;
  readonly via: string;
  readonly text?: string;
  readonly kind?: string;
  readonly fingerprint?: string;
  readonly parameters?: readonly unknown[];
  readonly verdict?: 'denied' | 'marked';
  readonly why?: string;
  readonly name?: string;
  readonly portal?: string;
  readonly maxRows?: number;
  readonly fetch?: boolean;
  readonly prepared?: Readonly<Record<string, string | null>>;
  readonly function?: number;
  readonly source?: string;
  /** It is longer than what is here: the record at which the whole of it begins. */
  readonly cut?: number;
  readonly outcome?: string;
  readonly error?: string | null;
  readonly rows?: number | null;
  readonly bytes?: number | null;
  readonly ms?: number | null;
}
