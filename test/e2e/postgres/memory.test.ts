import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { count } from '../../kit/counts.ts';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { until } from '../../kit/until.ts';
import { logIn, type Person } from '../person.ts';
import { launchProduct, type Product, type Token } from '../product.ts';
import { postgresResources } from './database.ts';

let product: Product;
let server: PostgresServer;
let admin: Person;
let token: Token;

const megabyte = 1024 * 1024;

beforeAll(async () => {
  [product, server] = await Promise.all([launchProduct({ cut: null }), launchPostgresServer()]);
  admin = await logIn(product);
  await admin.apply(postgresResources(server));
  token = await admin.token();
}, 120_000);

afterAll(async () => {
  await product.stop();
  await server.stop();
});

interface Connected {
  readonly client: pg.Client;
  readonly stream: Duplex;
  /** SQLSTATEs of errors that belong to no query. */
  readonly told: (string | undefined)[];
  readonly gone: Promise<unknown>;
}

async function connected(application_name: string): Promise<Connected> {
  const client = new pg.Client({
    application_name,
    host: 'localhost',
    port: product.postgresPort,
    user: 'admin~app',
    password: token.secret,
    database: 'postgres',
    ssl: { ca: readFileSync(join(product.dataFolder, 'ca.pem'), 'utf8') },
  });
  const told: (string | undefined)[] = [];
  client.on('error', (error: Error & { readonly code?: string }) => told.push(error.code));
  const gone = new Promise((resolve) => client.once('end', () => resolve(undefined)));
  await client.connect();
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Duplex } }).connection;
  onTestFinished(() => void stream.destroy());
  return { client, stream, told, gone };
}

/** A file that the kernel keeps of the product's own process (proc(5)). */
function ofProcess(file: string): string {
  return join('/proc', readFileSync(join(product.dataFolder, 'process.pid'), 'utf8').trim(), file);
}

function figure(file: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(ofProcess(file), 'utf8'))?.[1]);
}

/**
 * Waits until the process has at most so much more memory than at the call of this, in bytes. What it has for a moment, to
 * compile what has become hot for example, goes again; what has piled up stays.
 */
function memoryWatch(): (most: number) => Promise<void> {
  const before = figure('status', 'VmRSS');
  return async (most) => {
    await until(() => 1024 * (figure('status', 'VmRSS') - before) < most, { what: 'memory to stay within its bound' });
  };
}

/** Whether next to nothing was read by the process, from sockets or files, since the last call and the nine before it. */
function quietness(): () => boolean {
  let [read, quiet] = [0, 0];
  return () => {
    const now = figure('io', 'rchar');
    quiet = now - read < 128 * 1024 ? quiet + 1 : 0;
    read = now;
    return quiet >= 10;
  };
}

/** How many backends of a program wait for their client to read. */
async function standing(application_name: string): Promise<number> {
  const where = `application_name = '${application_name}' and wait_event = 'ClientWrite'`;
  return Number(await server.sql(`select count(*) from pg_stat_activity where ${where}`));
}

async function backends(application_name: string): Promise<number> {
  return Number(
    await server.sql(`select count(*) from pg_stat_activity where application_name = '${application_name}'`),
  );
}

it('a client that does not read makes its database wait, and nothing pile up; it can be ended all the same', async () => {
  const sessions = count(10, 40);
  // 2 GB of all together, and of each in the full count.
  const rows = count(200, 2000);
  const head = await admin.head();
  const readers = await Promise.all(Array.from({ length: sessions }, () => connected('slow')));
  const within = memoryWatch();
  for (const { client, stream } of readers) {
    client.query(`select repeat('x', 1000000) from generate_series(1, ${String(rows)})`).catch(() => undefined);
    stream.pause();
  }
  const isQuiet = quietness();
  await until(async () => (await standing('slow')) === sessions && isQuiet(), { what: 'the database to wait' });
  // 4 MB each (security rule L7), and what has passed by into the sockets' own memory and is not collected yet.
  await within(sessions * 4 * megabyte + 256 * megabyte);
  const ids = (await admin.events(head)).flatMap(({ type, stream }) => (type === 'SessionOpened' ? [stream] : []));
  expect(ids).toHaveLength(sessions);
  await admin.revoke(token.id);
  await until(async () => (await backends('slow')) === 0, { what: 'the database to be left' });
  const ended = async (): Promise<number> =>
    (await admin.events(head)).filter(({ type, stream }) => type === 'SessionEnded' && ids.includes(stream)).length;
  await until(async () => (await ended()) === sessions, { what: 'the ends in the log' });
  token = await admin.token();
}, 120_000);

it('a client that asks on and on without reading is heard only so far', async () => {
  const head = await admin.head();
  const { stream } = await connected('asking');
  stream.pause();
  const text = "select repeat('x', 100000)\0";
  const query = Buffer.alloc(5 + text.length, 'Q');
  query.writeInt32BE(4 + text.length, 1);
  query.write(text, 5);
  stream.write(Buffer.concat(Array.from({ length: 40_000 }, () => query)));
  const isQuiet = quietness();
  await until(async () => (await standing('asking')) === 1 && isQuiet(), { what: 'the database to wait' });
  await admin.revoke(token.id);
  token = await admin.token();
  const { stream: id } = await admin.event(head, 'the end', ({ type }) => type === 'SessionEnded');
  const runs = (await admin.events(head)).flatMap(({ type, stream: of, data }) =>
    type === 'StatementsExecuted' && of === id ? (data.runs as readonly { readonly count: number }[]) : [],
  );
  const passed = runs.reduce((sum, each) => sum + each.count, 0);
  // So many wait for their answer, and the answers of some hundred fill the sockets.
  expect(passed).toBeGreaterThan(8192);
  expect(passed).toBeLessThan(16_000);
}, 120_000);

it('a result that was not read for a while comes whole', async () => {
  const { client, stream } = await connected('later');
  const rows = count(100, 1000);
  const result = client.query(`select repeat('x', 1000000) as x from generate_series(1, ${String(rows)})`);
  stream.pause();
  await until(async () => (await standing('later')) === 1, { what: 'the database to wait' });
  stream.resume();
  const read = (await result).rows as { readonly x: string }[];
  expect(read.length).toBe(rows);
  expect(read.every(({ x }) => x.length === 1_000_000)).toBe(true);
  await client.end();
}, 120_000);

it('big statements of many connections have a bound in all, and one that is alone gets through', async () => {
  const within = memoryWatch();
  const many = count(30, 50);
  const clients = await Promise.all(Array.from({ length: many }, () => connected('big')));
  // A statement of 60 MB each, of which the first come: 180 MB in all, or 2 GB in the full count.
  const header = Buffer.alloc(5, 'Q');
  header.writeInt32BE(60 * megabyte, 1);
  const part = Buffer.alloc(count(6, 40) * megabyte, ' ');
  for (const { stream } of clients) {
    stream.write(header);
    stream.write(part);
  }
  // 21 of 6 MB fit at the most.
  let refused = 0;
  for (const { gone } of clients) void gone.then(() => (refused += 1));
  await until(() => refused >= many - 21, { what: 'those that are too many to be let go' });
  expect(clients.flatMap(({ told }) => told)).toContain('53200');
  expect(refused).toBeLessThan(many);
  // 128 MB, and what was outgrown and is not collected yet.
  await within(1024 * megabyte);
  for (const { stream } of clients) stream.destroy();
  await until(async () => (await backends('big')) === 0, { what: 'the others to go' });
  // What they had is there again.
  const { client } = await connected('alone');
  const text = `select ${' '.repeat(60 * megabyte)} 1 as n`;
  expect((await client.query(text)).rows).toEqual([{ n: 1 }]);
  await client.end();
}, 120_000);

/** The part of pg's connection that a batch without a Sync needs. */
interface Wire {
  parse(statement: { readonly text: string }): void;
  bind(values: { readonly values: readonly unknown[] }): void;
  execute(portal: { readonly rows: number }): void;
  sync(): void;
}

it('a batch that asks for no answer before its end gets through, however long it is', async () => {
  const { client } = await connected('batch');
  const rows: unknown[] = [];
  const runs = 12;
  const done = Promise.withResolvers<undefined>();
  const batch = {
    submit: (wire: Wire): void => {
      wire.parse({ text: 'select length($1::text)' });
      for (let run = 0; run < runs; run += 1) {
        wire.bind({ values: ['x'.repeat(megabyte)] });
        wire.execute({ rows: 0 });
      }
      wire.sync();
    },
    handleDataRow: ({ fields }: { readonly fields: readonly unknown[] }): void => void rows.push(fields[0]),
    handleCommandComplete: (): void => {},
    handleRowDescription: (): void => {},
    handleEmptyQuery: (): void => {},
    handlePortalSuspended: (): void => {},
    handleError: (error: unknown): void => done.reject(error),
    handleReadyForQuery: (): void => done.resolve(undefined),
  };
  client.query(batch as unknown as pg.Submittable);
  await done.promise;
  expect(rows).toHaveLength(runs);
  await client.end();
}, 60_000);
