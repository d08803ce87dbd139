/** What a text of SQL is to the entitlement and to the record; made once for a text, whatever is done with it. */
export interface JudgedText {
  /** The text, as it stands in the recording: whole, without its constants, or null where only the fingerprint is kept. */
  readonly shown: string | null;
  /** Kinds of its statements, such as `select` or `begin, update`. */
  readonly kind: string;
  readonly fingerprint: string | null;
  readonly verdict: 'allowed' | 'marked' | 'denied';
  /** Why it is marked or denied. */
  readonly why: { readonly rule: string; readonly message: string } | null;
  /** What becomes of names of prepared statements and of portals once its statements are done, in their order. */
  readonly names: readonly NameChange[];
}

/** The first number is that of the statement in its text. Names in latin1, as the codec reads them. */
export type NameChange =
  | { readonly change: 'runs'; readonly name: string; readonly at: number }
  | { readonly change: 'prepares' | 'drops' | 'declares'; readonly name: string; readonly at: number }
  /** `forgets`: what any name stands for is not known any more. */
  | { readonly change: 'drops-all' | 'forgets'; readonly at: number };

/** A prepared statement: its text, and the types of its parameters (object ids) as far as the client said. */
export interface Prepared {
  readonly text: JudgedText;
  readonly types: readonly number[];
}

/** What counts against the limits of the entitlement: of all runs of a portal together. A piece of a COPY is a row. */
export interface Given {
  rows: number;
  bytes: number;
}

/** A statement with its parameters, ready to run. Null: it was made where it can't be seen; parameters are not kept. */
export interface Portal {
  readonly text: JudgedText | null;
  readonly parameters: readonly unknown[] | null;
  /** Whether it was run before: the next run fetches on. */
  begun: boolean;
  readonly given: Given;
}

/** A statement that was passed on to the database, until its answer is over. Times in milliseconds of one clock. */
export interface Statement {
  /** Counted in the session from 1. */
  readonly number: number;
  readonly kind: string;
  readonly fingerprint: string | null;
  readonly verdict: 'allowed' | 'marked';
  /** Its record in the recording. */
  readonly place: number | null;
  readonly begunAt: number;
  readonly given: Given;
  rows: number;
  bytes: number;
  /** As many as there were when the statement of its text before this one was done. */
  rowsBefore: number;
  /** Statements of its text that are done. */
  completed: number;
}
