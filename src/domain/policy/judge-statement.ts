import { deniesNotUnderstood, type PostgresChannels, restrictsStatements } from './postgres-channels.ts';
import { isChanging, isOpaque } from './statement-functions.ts';
import { type StatementKind, wordCovers } from './statement-kinds.ts';
import { isOpen } from './statement-objects.ts';
import type { StatementFacts, StatementObject, StatementReading, StatementSetting } from './statements.ts';

/** Which rule said no. */
export type StatementRule = 'read-only' | 'deny' | 'allow' | 'objects' | 'settings' | 'not-understood';

/** `why` is for the person: what was refused and by which rule, nothing of what the database holds. */
export type StatementVerdict =
  | { readonly verdict: 'allowed' }
  | { readonly verdict: 'marked' | 'denied'; readonly rule: StatementRule; readonly why: string };

/** The run-time parameter that the proxy starts a read-only session with: the target's own second wall. */
export const readOnlyStartup = ['default_transaction_read_only', 'on'] as const;

/** Statements that only say how the rest runs: an `allow` need not name them. */
const plumbing: ReadonlySet<StatementKind> = new Set([
  ...(['begin', 'commit', 'rollback', 'savepoint', 'release', 'set', 'set transaction', 'set constraints'] as const),
  ...(['reset', 'show', 'discard', 'prepare', 'execute', 'deallocate', 'declare', 'fetch', 'move', 'close'] as const),
  ...(['explain', 'unlisten'] as const),
]);

/** What a read-only session may do. */
const readingKinds: ReadonlySet<StatementKind> = new Set([...plumbing, 'select', 'copy to stdout', 'listen']);

/** Pure: what the rules of an entitlement say of a text. One refused statement refuses the text. */
export function judgeStatement(rules: PostgresChannels, reading: StatementReading): StatementVerdict {
  if (!reading.understood) return notUnderstood(rules, reading);
  for (const statement of reading.statements) {
    const refused = refusal(rules, statement);
    if (refused !== null) return refused;
  }
  return { verdict: 'allowed' };
}

function notUnderstood(rules: PostgresChannels, { why }: StatementReading): StatementVerdict {
  const reason = unread[why ?? 'syntax'];
  if (!deniesNotUnderstood(rules)) return { verdict: 'marked', rule: 'not-understood', why: reason };
  return denied('not-understood', `${reason}; what can't be understood is refused here (notUnderstood)`);
}

const unread: Readonly<Record<NonNullable<StatementReading['why']>, string>> = {
  encoding: 'this statement may mean something else in the encoding or string syntax of this session',
  syntax: 'this statement is not in the grammar of PostgreSQL',
  'too-long': 'this statement is too long to be read; send it in smaller parts',
  'too-deep': 'this statement is nested too deep to be read',
  node: 'this statement holds something that is not known here',
};

function denied(rule: StatementRule, why: string): StatementVerdict {
  return { verdict: 'denied', rule, why };
}

function refusal(rules: PostgresChannels, statement: StatementFacts): StatementVerdict | null {
  if (!restrictsStatements(rules)) return null;
  return (
    (rules.readOnly ? readOnlyRefusal(statement) : null) ??
    kindRefusal(rules, statement) ??
    settingRefusal(statement) ??
    objectRefusal(rules, statement)
  );
}

const readOnlyWords = 'this session may only read (readOnly)';

function readOnlyRefusal({ kinds, functions, settings }: StatementFacts): StatementVerdict | null {
  const kind = kinds.find((each) => !readingKinds.has(each));
  if (kind !== undefined) return denied('read-only', `${kind.toUpperCase()} is refused: ${readOnlyWords}`);
  const called = functions.find(({ name }) => isChanging(name) || isOpaque(name));
  if (called !== undefined) return denied('read-only', `${called.name}() is refused: ${readOnlyWords}`);
  const lifted = settings.find(lifts);
  if (lifted !== undefined) return denied('read-only', `setting ${lifted.name ?? 'it'} is refused: ${readOnlyWords}`);
  return null;
}

/** RESET ALL leads back to what the session was started with, which is read-only; RESET of one of the two may not. */
function lifts({ name, value }: StatementSetting): boolean {
  if (name === null) return true;
  if (name !== 'transaction_read_only' && name !== 'default_transaction_read_only') return false;
  return value === null || !['on', 'true', 'yes', '1'].includes(value.toLowerCase());
}

function kindRefusal({ allow, deny }: PostgresChannels, { kinds }: StatementFacts): StatementVerdict | null {
  for (const kind of kinds) {
    const word = deny.find((each) => wordCovers(each, kind));
    if (word !== undefined) {
      return denied('deny', `${kind.toUpperCase()} is refused: this session may not ${word} (deny)`);
    }
    const isNamed = allow.length === 0 || plumbing.has(kind) || allow.some((each) => wordCovers(each, kind));
    if (!isNamed)
      return denied('allow', `${kind.toUpperCase()} is refused: this session may only ${allow.join(', ')} (allow)`);
  }
  return null;
}

/**
 * Under them a text means to the server what it means to us. In the others (SJIS, BIG5, GBK, GB18030, UHC, JOHAB) a
 * backslash or a letter may be half of something else.
 */
const plainEncoding =
  /^(?:utf-?8|unicode|sql_?ascii|latin-?\d+|iso-?8859-?\d+|win(?:dows)?-?(?:125\d|866|874)|koi8-?[ru]?|euc_?(?:jp|kr|cn|tw)|auto)$/;

/** Whether a text in this client_encoding is read as the server reads it. */
function isPlainEncoding(name: string): boolean {
  return plainEncoding.test(name.toLowerCase());
}

/** What would make the server read the next text otherwise than we do, whatever else the rules say. */
function settingRefusal({ settings, objects }: StatementFacts): StatementVerdict | null {
  const changed = settings.find(({ name, value }) => {
    if (name === 'standard_conforming_strings')
      return value !== null && !['on', 'true', 'yes', '1'].includes(value.toLowerCase());
    if (name === 'client_encoding') return value !== null && !isPlainEncoding(value);
    return name === null;
  });
  if (changed !== undefined) return refusedSetting(changed.name ?? 'a parameter whose name is not written out');
  const viaView = objects.find(({ name, access }) => name === 'pg_settings' && access !== 'read');
  return viaView === undefined ? null : refusedSetting('a parameter through pg_settings');
}

function refusedSetting(what: string): StatementVerdict {
  return denied('settings', `setting ${what} so is refused: statements could no longer be judged`);
}

function objectRefusal({ objects: rules }: PostgresChannels, statement: StatementFacts): StatementVerdict | null {
  if (rules.allow.length + rules.deny.length === 0) return null;
  const called = statement.functions.find(
    ({ name, schema }) =>
      isOpaque(name) ||
      rules.deny.some(
        (pattern) =>
          pattern === name ||
          pattern === `${schema ?? ''}.${name}` ||
          (schema === null && pattern.endsWith(`.${name}`)),
      ),
  );
  if (called !== undefined) return denied('objects', `${called.name}() is not open to this session (objects)`);
  const closed = statement.objects.find((object) => !isOpen(rules, object));
  return closed === undefined ? null : denied('objects', closedText(closed));
}

function closedText({ schema, name }: StatementObject): string {
  if (name === '*' && schema === null)
    return 'what this statement touches can not be told, so that it is refused (objects)';
  if (name === '*') return `everything in ${schema ?? ''} is not open to this session (objects)`;
  const hint = schema === null ? '; if you mean another one, write its schema too' : '';
  return `${schema === null ? '' : `${schema}.`}${name} is not open to this session (objects)${hint}`;
}
