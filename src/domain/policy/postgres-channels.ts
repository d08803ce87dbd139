import { statementWords } from './statement-kinds.ts';

/** What the recording holds of a statement: its text and parameters, the text without its constants, or neither. */
export const statementTexts = ['full', 'redacted', 'fingerprint'] as const;
export type StatementTexts = (typeof statementTexts)[number];

/** What becomes of a text whose statements can't be told for certain. */
export const notUnderstoodRules = ['deny', 'mark'] as const;

/** What an entitlement opens inside a PostgreSQL connection. An empty `allow` or `databases` stands for any. */
export interface PostgresChannels {
  readonly databases: readonly string[];
  readonly readOnly: boolean;
  /** Kinds of statements, or the beginnings of kinds; `deny` goes before `allow`. */
  readonly allow: readonly string[];
  readonly deny: readonly string[];
  /** Tables, views and sequences: `schema.name`, `schema.*` or `name`, as PostgreSQL stores names. */
  readonly objects: { readonly allow: readonly string[]; readonly deny: readonly string[] };
  /** Most rows and bytes of rows that one statement may give; null: any. */
  readonly maxRows: number | null;
  readonly maxBytes: number | null;
  /** Null: deny as soon as another rule restricts statements, otherwise mark. */
  readonly notUnderstood: (typeof notUnderstoodRules)[number] | null;
  readonly statements: StatementTexts;
}

/** What an entitlement that says nothing about PostgreSQL opens. */
export const defaultPostgresChannels: PostgresChannels = {
  databases: [],
  readOnly: false,
  allow: [],
  deny: [],
  objects: { allow: [], deny: [] },
  maxRows: null,
  maxBytes: null,
  notUnderstood: null,
  statements: 'full',
};

/** Longest name that PostgreSQL keeps, in bytes (NAMEDATALEN - 1). */
const longestName = 63;

/** Whether `text` can stand in `databases`. */
export function isDatabaseName(text: string): boolean {
  return text !== '' && new TextEncoder().encode(text).length <= longestName && !text.includes('\0');
}

export function isStatementWord(text: string): boolean {
  return statementWords.includes(text);
}

/** `name`, `schema.name` or `schema.*`; no name in it can hold a dot, a star, a quote or white space. */
const patternForm = /^[^.*"\s]+(?:\.(?:[^.*"\s]+|\*))?$/u;

/** Whether `text` can stand in `objects`. */
export function isObjectPattern(text: string): boolean {
  return patternForm.test(text) && text.split('.').every(isDatabaseName);
}

/** Whether a rule depends on what a statement is or touches. */
export function restrictsStatements(rules: PostgresChannels): boolean {
  const { allow, deny, objects, readOnly } = rules;
  return readOnly || [allow, deny, objects.allow, objects.deny].some((list) => list.length > 0);
}

export function deniesNotUnderstood(rules: PostgresChannels): boolean {
  return (rules.notUnderstood ?? (restrictsStatements(rules) ? 'deny' : 'mark')) === 'deny';
}
