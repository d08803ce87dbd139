import type { StatementRun } from '../../../src/domain/session/statement-run.ts';
import { Api } from '../../../src/client/api.ts';
import { findInstallation } from '../../../src/client/installation.ts';
import { linesOf } from '../../../src/client/recorded.ts';
import { until } from '../../kit/until.ts';
import type { Person } from '../person.ts';
import type { Product } from '../product.ts';
import type { Asked } from './logged.ts';

/** A `statement` record of a database session (statements/journal.ts). */
export interface StatementRecord {
  readonly n?: number;
  readonly via?: 'query' | 'execute' | 'prepare' | 'function' | 'cancel';
  readonly text?: string;
  readonly kind?: string;
  readonly parameters?: readonly unknown[];
  readonly fetch?: boolean;
  readonly function?: number;
  readonly prepared?: Readonly<Record<string, string | null>>;
  readonly ended?: readonly {
    readonly n: number;
    readonly outcome: string;
    readonly error: string | null;
    readonly rows: number;
  }[];
}

/** What the product knows of one session. */
export interface Recorded {
  readonly records: readonly StatementRecord[];
  readonly runs: readonly StatementRun[];
}

/** Every session that was opened after `start`, oldest first; waits for their ends. */
export async function recordedSince(
  product: Product,
  person: Person,
  start: string | null,
  count: number,
): Promise<readonly Recorded[]> {
  const events = await until(
    async () => {
      const seen = await person.events(start);
      const ended = seen.filter(({ type }) => type === 'SessionEnded').length;
      return ended >= count && seen;
    },
    { what: `the end of ${String(count)} sessions`, deadlineMs: 60_000 },
  );
  const sessions = events.filter(({ type }) => type === 'SessionOpened').map(({ stream }) => stream);
  return await Promise.all(
    sessions.map(async (id) => ({
      records: await recordsOf(product, person, id),
      runs: events.flatMap(({ type, stream, data }) =>
        type === 'StatementsExecuted' && stream === id ? (data.runs as StatementRun[]) : [],
      ),
    })),
  );
}

/** As `recordings export ID --as jsonl` gives them, without a process for each. */
async function recordsOf(product: Product, { bearer }: Person, id: string): Promise<readonly StatementRecord[]> {
  const at = { data: product.dataFolder, server: undefined, ca: undefined, environment: {} };
  const api = new Api(findInstallation(at), bearer);
  const lines: string[] = [];
  try {
    for await (const line of linesOf(api, id, 'jsonl', { manner: 'export' })) lines.push(line);
  } catch (error) {
    if (!String(error).includes('has an empty recording')) throw error;
  }
  const all = lines.map((line) => JSON.parse(line) as { kind: string; data: StatementRecord });
  if (all.some(({ kind }) => kind === 'gap')) throw new Error(`the recording of ${id} has a gap`);
  return all.flatMap(({ kind, data }) => (kind === 'statement' ? [data] : []));
}

/** What the recording says the database was made to do: without what it skipped after an error, and what never got so far. */
export function askedOf({ records }: Recorded, neverRun: readonly string[]): readonly Asked[] {
  const ends = new Map(records.flatMap(({ ended = [] }) => ended).map((end) => [end.n, end]));
  const waiting = [...neverRun];
  return records.flatMap((record): Asked[] => {
    const end = ends.get(record.n ?? 0);
    if (record.n !== undefined && end === undefined) throw new Error(`no end of ${JSON.stringify(record)}`);
    if (record.via === 'function') return [asked(`function ${String(record.function)}`, record)];
    if (record.via !== 'query' && record.via !== 'execute') return [];
    const { text = '' } = record;
    if (record.via === 'execute' && (end?.outcome === 'skipped' || record.kind === 'empty')) return [];
    const failedAt = record.via === 'query' && end?.outcome === 'failed' ? waiting.indexOf(text) : -1;
    if (failedAt !== -1) {
      waiting.splice(0, failedAt + 1);
      return [];
    }
    return [asked(text, record)];
  });
}

function asked(text: string, { parameters, fetch = false, prepared = {}, via }: StatementRecord): Asked {
  const values = via === 'execute' && parameters !== undefined && parameters.length > 0 ? parameters.map(shown) : null;
  return { text, parameters: values, fetch, prepared: Object.values(prepared).filter((each) => each !== null) };
}

/** As PostgreSQL writes a value of its type; JDBC has words of its own for booleans. */
function shown(value: unknown): string | null {
  if (value === null) return null;
  if (value === 'TRUE' || value === 'FALSE') return value === 'TRUE' ? 't' : 'f';
  if (typeof value === 'boolean') return value ? 't' : 'f';
  if (typeof value === 'object' && 'hex' in value) return `\\x${String(value.hex)}`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** SQLSTATE of each error in the events of a session. */
export function errorsOf({ runs }: Recorded): readonly string[] {
  return runs.flatMap(({ error, count }) => (error === null ? [] : Array<string>(count).fill(error)));
}
