import { visibleText } from '../domain/kernel/visible-text.ts';
import type { Recorded } from './recorded.ts';
import { clock } from './transcript.ts';

type Data = Readonly<Record<string, unknown>>;

/** Whether it is a record of a session at a database, which has no screen: it is replayed as a timeline. */
export function isOfDatabase({ kind, data = {} }: Recorded): boolean {
  return kind === 'statement' && data.known === undefined;
}

/**
 * A record of a session at a database for people (docs/protocols/recording.md, Statements at databases): first how earlier
 * statements ended, then when this one came, how, of which kind, and its text. Lines without a time belong to the one
 * before; line breaks of the text are kept, all else that could drive a terminal is shown.
 */
export function statementLines({ at, data = {} }: Recorded): readonly string[] {
  const ends = asList(data.ended).map((end) => `${indent}${endOf(end)}`);
  if (data.part !== undefined) {
    return [...ends, `${clock(at)}  part ${shown(data.part)} of a long statement: ${shown(data.piece)}`];
  }
  if (data.via === undefined) return ends;
  const [first = '', ...rest] = beginOf(data);
  return [...ends, `${clock(at)}  ${first}`, ...rest.map((line) => `${indent}${line}`)];
}

/** As wide as a time of less than ten hours and the blanks behind it. */
const indent = ' '.repeat(13);

function beginOf(data: Data): readonly string[] {
  if (data.via === 'cancel') return [`#${shown(data.n)} cancel request from ${shown(data.source)}`];
  const number = data.n === undefined ? '' : `#${shown(data.n)} `;
  const verdict = data.verdict === 'denied' ? 'REFUSED ' : data.verdict === 'marked' ? 'marked ' : '';
  const head = `${number}${verdict}${howOf(data)} [${shown(data.kind)}]`;
  const [first = '', ...rest] = textOf(data);
  return [
    `${head}  ${first}`.trimEnd(),
    ...rest,
    ...preparedOf(data.prepared),
    ...parametersOf(data.parameters),
    ...(typeof data.why === 'string' ? [visibleText(data.why)] : []),
  ];
}

/** `query`, `prepare "name"`, `execute`, `fetch up to 10 rows from "portal"`, `function 1234`. */
function howOf(data: Data): string {
  if (data.via === 'function') return `function ${shown(data.function)}`;
  if (data.via === 'prepare') return `prepare${quoted('', data.name)}`;
  if (data.via !== 'execute') return shown(data.via);
  const most = typeof data.maxRows === 'number' ? ` up to ${String(data.maxRows)} rows` : '';
  return `${data.fetch === true ? 'fetch' : 'execute'}${most}${quoted(' from', data.portal)}`;
}

function textOf({ text, via, fingerprint }: Data): readonly string[] {
  if (typeof text === 'string') return text.split(/\r?\n/).map(visibleText);
  if (via === 'function') return [''];
  return [typeof fingerprint === 'string' ? `(text not kept, fingerprint ${shown(fingerprint)})` : '(text not known)'];
}

/** The texts behind the names that EXECUTE runs. */
function preparedOf(prepared: unknown): readonly string[] {
  if (typeof prepared !== 'object' || prepared === null) return [];
  return Object.entries(prepared).map(([name, text]) => {
    return `"${visibleText(name)}" is ${typeof text === 'string' ? visibleText(text) : 'a text that is not known'}`;
  });
}

function parametersOf(parameters: unknown): readonly string[] {
  const values = asList(parameters).map((value, index) => `$${String(index + 1)} = ${valueOf(value)}`);
  return values.length === 0 ? [] : [values.join(', ')];
}

function valueOf(value: unknown): string {
  if (typeof value === 'string') return `'${visibleText(value).replaceAll("'", "''")}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  const [form = '', bytes] = Object.entries(value)[0] ?? [];
  return `${visibleText(form)} '${shown(bytes)}'`;
}

function endOf(end: unknown): string {
  const { n, outcome, error, rows, bytes, ms } = (end ?? {}) as Data;
  const sqlstate = typeof error === 'string' ? ` with SQLSTATE ${shown(error)}` : '';
  const how = outcome === 'unknown' ? 'answer not seen' : shown(outcome);
  return `#${shown(n)} ${how}${sqlstate}, ${counted(rows, 'row')}, ${counted(bytes, 'byte')}, ${shown(ms)} ms`;
}

function counted(count: unknown, unit: string): string {
  return `${shown(count)} ${unit}${count === 1 ? '' : 's'}`;
}

function quoted(before: string, name: unknown): string {
  return typeof name === 'string' ? `${before} "${visibleText(name)}"` : '';
}

function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? visibleText(String(value)) : '-';
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
