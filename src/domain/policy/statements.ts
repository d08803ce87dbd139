import type { StatementKind } from './statement-kinds.ts';

/** `define`: made, changed or dropped itself; `write`: its rows are, or it is locked against others. */
export type ObjectAccess = 'read' | 'write' | 'define';

/** Something that a statement names, case folded as PostgreSQL does it. */
export interface StatementObject {
  /** Tables, views, indexes and sequences are relations; what is none of the others is `other`. */
  readonly type: 'relation' | 'schema' | 'database' | 'role' | 'other';
  readonly schema: string | null;
  /** For a schema its own name; `*` for every object of `schema`. */
  readonly name: string;
  readonly access: ObjectAccess;
}

/** A function by its name; overloads are not told apart. */
export interface StatementFunction {
  readonly schema: string | null;
  readonly name: string;
}

/** A run-time parameter that a statement sets or resets: SET, RESET, BEGIN and set_config(). */
export interface StatementSetting {
  /** In lower case; null: all of them, or one that only the server will know. */
  readonly name: string | null;
  /** Null: its default, or a value that only the server will know. */
  readonly value: string | null;
}

export interface StatementFacts {
  readonly kind: StatementKind;
  /** `kind` and those of what it holds: CTEs, the query of COPY, PREPARE, EXPLAIN ANALYZE … */
  readonly kinds: readonly StatementKind[];
  readonly objects: readonly StatementObject[];
  readonly functions: readonly StatementFunction[];
  readonly settings: readonly StatementSetting[];
  /** Name of a prepared statement, as the server keeps it. */
  readonly prepares: string | null;
  readonly executes: string | null;
  readonly deallocates: { readonly name: string } | 'all' | null;
  /** Name of a cursor that it makes. */
  readonly declares: string | null;
}

/** What a parser says of one text. */
export interface StatementReading {
  readonly understood: boolean;
  /** Why it is not understood: `encoding`: the server may read other characters than we do; `node` is a part of the grammar that nobody has looked at. */
  readonly why: 'encoding' | 'syntax' | 'too-long' | 'too-deep' | 'node' | null;
  /** In order; none when it is not understood, and none in an empty text. */
  readonly statements: readonly StatementFacts[];
  /** The same for texts that differ in constants only: hex, made from the tree, or from the text when not understood. */
  readonly fingerprint: string;
}
