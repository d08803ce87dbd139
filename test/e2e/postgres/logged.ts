import { randomUUID } from 'node:crypto';
import type { PostgresServer } from '../../kit/postgres-server.ts';
import { until } from '../../kit/until.ts';

/** One thing that a database was asked to do, as its own log or our recording has it. */
export interface Asked {
  /** The text; of a call of a function by its number, `function` and that number. */
  readonly text: string;
  /** Values as text; null where there are none. */
  readonly parameters: readonly (string | null)[] | null;
  /** Rows of a portal that was run before. */
  readonly fetch: boolean;
  /** Texts behind the name that is run by SQL's EXECUTE. */
  readonly prepared: readonly string[];
}

/** What one connection did, in the words of the server. */
export interface Logged {
  readonly asked: readonly Asked[];
  /** Texts that failed before they were executed: they can't be parsed, or not be prepared. */
  readonly neverRun: readonly string[];
  /** SQLSTATE of each error. */
  readonly errors: readonly string[];
}

type Row = Readonly<Record<string, unknown>>;

/** What came over TCP since `start` rows of the log, by connection, in the order in which they were made; waits for their ends. */
export async function loggedSince(server: PostgresServer, start: number): Promise<readonly Logged[]> {
  // The log comes in the order of what is said, but late.
  const mark = randomUUID();
  await server.sql(`select '${mark}'`);
  const sessions = await until(
    () => {
      let whole = false;
      const found = new Map<string, Row[]>();
      for (const row of server.jsonLog(start)) {
        whole ||= text(row, 'message').includes(mark);
        if (row.remote_host === '[local]') continue;
        const id = text(row, 'session_id');
        found.set(id, [...(found.get(id) ?? []), row]);
      }
      const all = [...found.values()].filter((rows) => rows.some(says('connection authorized: ')));
      return whole && all.every((rows) => rows.some(says('disconnection: '))) && all;
    },
    { what: 'the end of every connection in the log of PostgreSQL', deadlineMs: 60_000 },
  );
  return sessions.map(connection);
}

function connection(rows: readonly Row[]): Logged {
  const asked: Asked[] = [];
  const neverRun: string[] = [];
  const errors: string[] = [];
  for (const row of rows) {
    const one = askedOf(row);
    if (one !== null) asked.push(one);
    if (row.error_severity !== 'ERROR') continue;
    errors.push(text(row, 'state_code'));
    const statement = text(row, 'statement');
    // A value that can't be read fails at Bind: its text was prepared.
    if (statement !== asked.at(-1)?.text && !text(row, 'context').includes('portal')) neverRun.push(statement);
  }
  return { asked, neverRun, errors };
}

/** `log_statement = all`: "statement: " of a simple query, "execute NAME: " and "execute fetch from NAME: " of a portal. */
function askedOf(row: Row): Asked | null {
  if (row.error_severity !== 'LOG') return null;
  const message = text(row, 'message');
  const detail = text(row, 'detail');
  const prepared = detail.startsWith('prepare: ') ? [detail.slice('prepare: '.length)] : [];
  const simple = /^statement: (.*)$/s.exec(message)?.[1];
  if (simple !== undefined) return { text: simple, parameters: null, fetch: false, prepared };
  const call = /^fastpath function call: ".*" \(OID (\d+)\)$/s.exec(message)?.[1];
  if (call !== undefined) return { text: `function ${call}`, parameters: null, fetch: false, prepared };
  const [, fetch, sql] = /^execute (fetch from )?[^:]+: (.*)$/s.exec(message) ?? [];
  if (sql === undefined) return null;
  return { text: sql, parameters: parametersIn(detail), fetch: fetch !== undefined, prepared };
}

/** `parameters: $1 = 'it''s', $2 = NULL` */
function parametersIn(detail: string): readonly (string | null)[] | null {
  const beginning = 'parameters: ';
  if (!detail.startsWith(beginning)) return null;
  const found: (string | null)[] = [];
  for (let at = beginning.length; at < detail.length; at += ', '.length) {
    at = detail.indexOf(' = ', at) + ' = '.length;
    const end = detail[at] === "'" ? endOfQuoted(detail, at) : at + 'NULL'.length;
    found.push(detail[at] === "'" ? detail.slice(at + 1, end - 1).replaceAll("''", "'") : null);
    at = end;
  }
  return found;
}

/** Behind the quote that closes what is quoted from `start` on; a quote within is doubled. */
function endOfQuoted(textWithQuotes: string, start: number): number {
  let at = textWithQuotes.indexOf("'", start + 1);
  while (textWithQuotes[at + 1] === "'") at = textWithQuotes.indexOf("'", at + 2);
  return at + 1;
}

const says =
  (beginning: string) =>
  (row: Row): boolean =>
    text(row, 'message').startsWith(beginning);

function text(row: Row, name: string): string {
  const value = row[name];
  return typeof value === 'string' ? value : '';
}
