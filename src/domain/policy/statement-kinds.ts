/** What CREATE, ALTER and DROP are said of. */
const things = [
  ...['table', 'foreign table', 'view', 'materialized view', 'index', 'sequence', 'schema', 'database', 'tablespace'],
  ...['role', 'user mapping', 'server', 'foreign data wrapper', 'type', 'domain', 'function', 'procedure', 'routine'],
  ...['aggregate', 'operator', 'operator class', 'operator family', 'cast', 'conversion', 'collation', 'extension'],
  ...['language', 'policy', 'trigger', 'event trigger', 'rule', 'publication', 'subscription', 'statistics'],
  ...['text search configuration', 'text search dictionary', 'text search parser', 'text search template'],
  ...['transform', 'access method', 'large object'],
] as const;

const verbs = [
  ...['select', 'select for update', 'insert', 'update', 'delete', 'merge', 'truncate', 'lock'],
  ...['copy from stdin', 'copy from file', 'copy from program', 'copy to stdout', 'copy to file', 'copy to program'],
  ...['create table as', 'import foreign schema', 'refresh materialized view', 'comment', 'security label'],
  ...['grant', 'grant role', 'revoke', 'revoke role', 'alter default privileges', 'alter system'],
  ...['drop owned', 'reassign owned', 'call', 'do', 'load', 'checkpoint', 'vacuum', 'analyze', 'cluster', 'reindex'],
  ...['begin', 'commit', 'rollback', 'savepoint', 'release'],
  ...['prepare transaction', 'commit prepared', 'rollback prepared'],
  ...['set', 'set transaction', 'set constraints', 'set role', 'set session authorization', 'reset', 'show', 'discard'],
  ...['prepare', 'execute', 'deallocate', 'declare', 'fetch', 'move', 'close', 'explain'],
  ...['listen', 'unlisten', 'notify'],
] as const;

type Thing = (typeof things)[number];

/**
 * The kinds of statements, in PostgreSQL's own words, lower case. A statement has one kind and those of what it holds:
 * `WITH d AS (DELETE …) SELECT` is a `select` and a `delete`. USER and GROUP are `role`.
 */
export type StatementKind = (typeof verbs)[number] | `${'create' | 'alter' | 'drop'} ${Thing}`;

const defining = things.flatMap((thing) =>
  (['create', 'alter', 'drop'] as const).map((verb) => `${verb} ${thing}` as const),
);
export const statementKinds: readonly StatementKind[] = [...verbs, ...defining];

/** What a rule may say: a kind, or the beginning of kinds, such as `drop` or `copy from`. */
export const statementWords: readonly string[] = [
  ...new Set(statementKinds.flatMap((kind) => kind.split(' ').map((_, at, words) => words.slice(0, at + 1).join(' ')))),
];

/** Whether a rule that says `word` speaks of `kind`: `drop` of `drop table`, but `set` not of `setup`. */
export function wordCovers(word: string, kind: string): boolean {
  return kind === word || kind.startsWith(`${word} `);
}
