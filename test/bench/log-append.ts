import { generateKeyPairSync } from 'node:crypto';
import pg from 'pg';
import { openEventLog } from '../../src/adapters/sqlite/event-log.ts';
import { uuidV7Ids } from '../../src/adapters/system/ids.ts';
import { eventCatalogue } from '../../src/application/event-catalogue.ts';
import type { NewEvent } from '../../src/application/ports/event-log.ts';
import type { StreamId } from '../../src/domain/kernel/ids.ts';
import { makeTempDir } from '../kit/temp-dir.ts';
import { compare, median } from './kit/compare.ts';
import { startPostgres } from './kit/postgres.ts';

// 64 writers, each with streams of its own of ten events, one event an append, every append with its expected version
// and on the disk before the next. Ours: the whole log port with Merkle tree and checkpoints. Peer: PostgreSQL 15 over
// its unix socket, the same rows as text, one conditional insert each on 8 connections; beside it, the same inserts
// grouped into one statement for all that wait (unnest), on one connection.

const writers = 64;
const connections = 8;
const roundMilliseconds = 3_000;
const perStream = 10;

type Append = (stream: StreamId, expected: number, event: NewEvent) => Promise<boolean>;

// Version 7, as everywhere in the house: the peer gets the same ones.
const ids = uuidV7Ids();

function event(sessionId: string): NewEvent {
  const data = {
    sessionId: `session-${sessionId}`,
    userId: 'user-01890a5d-ac96-774b-bcce-b302099a8057',
    targetId: 'target-01890a5d-ac96-774b-bcce-b302099a8057',
    accountId: 'account-01890a5d-ac96-774b-bcce-b302099a8057',
    protocol: 'ssh',
    entitlement: { id: 'entitlement-01890a5d-ac96-774b-bcce-b302099a8057', version: 3 },
    dialect: 'sallyport-cel/1',
    source: '192.0.2.17',
  };
  const actor = { kind: 'system', nodeId: null } as const;
  const metadata = { at: new Date().toISOString(), actor, correlationId: sessionId, causationId: null };
  return { id: ids.uuid(), type: 'SessionAdmitted', data, metadata };
}

/** Appends a second by all writers together. */
async function rate(append: Append): Promise<number> {
  const start = performance.now();
  let appended = 0;
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (performance.now() - start < roundMilliseconds) {
        const id = ids.uuid();
        for (let version = 0; version < perStream; version += 1) {
          if (!(await append(`token-${id}`, version, event(id)))) throw new Error('a conflict where none can be');
          appended += 1;
        }
      }
    }),
  );
  return (appended * 1_000) / (performance.now() - start);
}

const tables = `CREATE TABLE events (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, stream text NOT NULL,
  version integer NOT NULL, id uuid NOT NULL UNIQUE, type text NOT NULL, metadata text NOT NULL, data text NOT NULL,
  UNIQUE (stream, version))`;
const head = '(SELECT coalesce(max(version), 0) FROM events e WHERE e.stream = n.stream) = n.expected';
const columns = '(stream, version, id, type, metadata, data)';
const one = `INSERT INTO events ${columns} SELECT stream, expected + 1, id, type, metadata, data
  FROM (SELECT $1::text, $2::int, $3::uuid, $4::text, $5::text, $6::text) n(stream, expected, id, type, metadata, data)
  WHERE ${head}`;
const many = `INSERT INTO events ${columns} SELECT stream, expected + 1, id, type, metadata, data
  FROM unnest($1::text[], $2::int[], $3::uuid[], $4::text[], $5::text[], $6::text[]) n(stream, expected, id, type, metadata, data)
  WHERE ${head} RETURNING id`;

type Values = [stream: string, expected: number, id: string, type: string, metadata: string, data: string];

function values(stream: string, expected: number, { id, type, metadata, data }: NewEvent): Values {
  return [stream, expected, id, type, JSON.stringify(metadata), JSON.stringify(data)];
}

function singly(clients: readonly pg.Client[]): Append {
  const free = [...clients];
  const waiting: ((client: pg.Client) => void)[] = [];
  return async (stream, expected, event_) => {
    const client = free.pop() ?? (await new Promise<pg.Client>((go) => waiting.push(go)));
    const result = await client.query({ name: 'one', text: one, values: values(stream, expected, event_) });
    const next = waiting.shift();
    if (next === undefined) free.push(client);
    else next(client);
    return result.rowCount === 1;
  };
}

function grouped(client: pg.Client): Append {
  let waiting: { readonly row: Values; readonly done: (ok: boolean) => void; readonly failed: (e: unknown) => void }[] =
    [];
  let busy = false;
  const pump = async (): Promise<void> => {
    if (busy || waiting.length === 0) return;
    busy = true;
    const group = waiting;
    waiting = [];
    const lists = [0, 1, 2, 3, 4, 5].map((column) => group.map(({ row }) => row[column]));
    try {
      const { rows } = await client.query<{ id: string }>({ name: 'many', text: many, values: lists });
      const inserted = new Set(rows.map(({ id }) => id));
      for (const { row, done } of group) done(inserted.has(row[2]));
    } catch (error) {
      for (const { failed } of group) failed(error);
    }
    busy = false;
    setImmediate(() => void pump());
  };
  return (stream, expected, event_) =>
    new Promise((done, failed) => {
      waiting.push({ row: values(stream, expected, event_), done, failed });
      setImmediate(() => void pump());
    });
}

const postgres = await startPostgres();
const folder = makeTempDir();
const clients = Array.from(
  { length: connections },
  () => new pg.Client({ host: postgres.socket, user: 'postgres', database: 'postgres' }),
);
for (const client of clients) await client.connect();
const log = await openEventLog({
  folder: folder.path,
  catalogue: eventCatalogue,
  personKeys: { keyFor: () => null, destroy: () => undefined },
  signer: { ...generateKeyPairSync('ed25519'), origin: 'sallyport/bench' },
  onWarning: ({ message }) => {
    throw new Error(message);
  },
});
try {
  await clients[0]!.query(tables);
  const groupedRates: number[] = [];
  const ours: number[] = [];
  await compare({
    name: 'log-append',
    unit: 'appends/s',
    rounds: 5,
    ours: async () => {
      const figure = await rate(async (stream, expected, event_) => (await log.append(stream, expected, [event_])).ok);
      ours.push(figure);
      return figure;
    },
    peer: async () => {
      const figure = await rate(singly(clients));
      const inGroups = await rate(grouped(clients[0]!));
      groupedRates.push(inGroups);
      console.log(`PostgreSQL with grouped inserts: ${Math.round(inGroups)} appends/s`);
      return figure;
    },
    more: () => ({
      peerGrouped: Math.round(median(groupedRates)),
      ratioToGrouped: Number((median(ours) / median(groupedRates)).toFixed(2)),
    }),
  });
} finally {
  await log.close();
  for (const client of clients) await client.end();
  await postgres.stop();
  folder.remove();
}
