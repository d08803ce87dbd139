import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { until } from '../../kit/until.ts';
import { logIn, type Person, type SeenEvent } from '../person.ts';
import { launchProduct, type Product, type Token } from '../product.ts';
import { postgresResources } from './database.ts';

let product: Product;
let server: PostgresServer;
let admin: Person;
let token: Token;

beforeAll(async () => {
  [product, server] = await Promise.all([launchProduct({ env: { SALLYPORT_DRAIN: '1s' } }), launchPostgresServer()]);
  await product.cli(['apply', '-f', '-'], { input: postgresResources(server) });
  admin = await logIn(product);
  token = await admin.token();
}, 120_000);

afterAll(async () => {
  await product.stop();
  await server.stop();
});

/** What a client was told at its end, if it was. */
interface Told {
  readonly code: string | undefined;
  readonly severity: string | undefined;
  readonly message: string;
}

type Shown = { readonly [K in keyof Told]?: string | undefined };

interface Open {
  readonly client: pg.Client;
  readonly id: string;
  /** Of errors that belong to no query. */
  readonly told: Told[];
  readonly notices: Told[];
  readonly gone: Promise<unknown>;
}

/** A session that has asked one thing. */
async function openSession(secret = token.secret, login = 'admin~app'): Promise<Open> {
  const before = await admin.head();
  const client = new pg.Client({
    host: 'localhost',
    port: product.postgresPort,
    user: login,
    password: secret,
    database: 'postgres',
    ssl: { ca: readFileSync(join(product.dataFolder, 'ca.pem'), 'utf8') },
  });
  const told: Told[] = [];
  const notices: Told[] = [];
  const shown = ({ code, severity, message }: Shown): Told => ({ code, severity, message: message ?? '' });
  client.on('error', (error) => told.push(shown(error)));
  client.on('notice', (notice) => notices.push(shown(notice)));
  const gone = new Promise((resolve) => client.once('end', () => resolve(undefined)));
  await client.connect();
  onTestFinished(() => void client.end().catch(() => undefined));
  await client.query('select 1');
  const opened = await admin.event(before, 'the session', ({ type }) => type === 'SessionOpened');
  return { client, id: opened.stream, told, notices, gone };
}

async function eventsOf(id: string): Promise<readonly SeenEvent[]> {
  const seen = await admin.events(null);
  // Chunks are sealed in their own time, and the order of an owner may come before or after the last statements.
  return seen.filter(
    ({ stream, type }) => stream === id && type !== 'RecordingChunkSealed' && type !== 'SessionEndOrdered',
  );
}

/** The events of a session that has ended, in their order. */
async function endOf(id: string): Promise<readonly SeenEvent[]> {
  return await until(
    async () => {
      const events = await eventsOf(id);
      return events.at(-1)?.type === 'SessionEnded' && events;
    },
    { what: 'the end of the session' },
  );
}

/** What was asked stands in the log before the channel is closed, and that before the session ends. */
async function expectEnd(id: string, endReason: string, statements = 1): Promise<void> {
  const events = await endOf(id);
  expect(events.slice(-3).map(({ type }) => type)).toEqual(['StatementsExecuted', 'ChannelClosed', 'SessionEnded']);
  const [end, closed] = [events.at(-1), events.at(-2)];
  expect(end?.data).toMatchObject({ reason: endReason });
  const runs = events.flatMap(({ type, data }) =>
    type === 'StatementsExecuted' ? (data.runs as { readonly count: number }[]) : [],
  );
  expect(runs.reduce((sum, { count }) => sum + count, 0)).toBe(statements);
  // A row of `1` has 12 bytes, and there is more around it.
  expect(closed?.data.bytesSent).toBeGreaterThan(12);
  expect(end?.data.bytesSent).toBe(closed?.data.bytesSent);
}

const entitlement = (spec: string): string =>
  `apiVersion: sallyport/v1\nkind: Entitlement\nmetadata: {name: app}\nspec: {access: {targets: [app]}, recording: required${spec}}\n`;

describe('what ends a session at a database, with a word and 57P01', () => {
  it('is the revocation of its token', async () => {
    const own = await admin.token();
    const { id, told, gone } = await openSession(own.secret);
    await admin.revoke(own.id);
    await gone;
    expect(told[0]).toMatchObject({ code: '57P01', severity: 'FATAL' });
    expect(told[0]?.message).toContain('token of this session was revoked');
    await expectEnd(id, 'token-revoked');
    await expect(openSession(own.secret)).rejects.toMatchObject({ code: '28P01' });
  });

  it('is its owner, with what was said', async () => {
    const { id, told, gone } = await openSession();
    await product.cli(['sessions', 'kill', id, '--message', 'maintenance at noon']);
    await gone;
    expect(told[0]).toMatchObject({ code: '57P01' });
    expect(told[0]?.message).toContain('maintenance at noon');
    await expectEnd(id, 'owner');
  });

  it('is its owner, while a statement runs', async () => {
    const { client, id } = await openSession();
    const running = client.query('select pg_sleep(600)').catch((error: unknown) => error);
    await until(
      async () => (await server.sql("select 1 from pg_stat_activity where query = 'select pg_sleep(600)'")) !== '',
      { what: 'the statement' },
    );
    await product.cli(['sessions', 'kill', id, '--message', 'not now']);
    expect(await running).toMatchObject({ code: '57P01' });
    await expectEnd(id, 'owner', 2);
    // The database does not go on with what nobody waits for.
    await until(
      async () => (await server.sql("select 1 from pg_stat_activity where query = 'select pg_sleep(600)'")) === '',
      { what: 'the statement to stop' },
    );
    const last = (await eventsOf(id)).findLast(({ type }) => type === 'StatementsExecuted');
    expect((last?.data.runs as { outcome: string }[]).at(-1)).toMatchObject({ outcome: 'unknown' });
  });

  it('is the loss of the entitlement, and less that it gives', async () => {
    const { id, told, gone } = await openSession();
    await admin.apply(entitlement(', disabled: true'));
    await gone;
    expect(told[0]).toMatchObject({ code: '57P01' });
    expect(told[0]?.message).toContain('no longer entitled');
    await expectEnd(id, 'entitlement-lost');
    await admin.apply(entitlement(''));
    const second = await openSession();
    await admin.apply(entitlement('').replace('[app]}', '[app], channels: {postgres: {readOnly: true}}}'));
    await second.gone;
    expect(second.told[0]).toMatchObject({ code: '57P01' });
    await expectEnd(second.id, 'entitlement-lost');
    await admin.apply(entitlement(''));
  });

  it('is its longest duration, and nothing done for too long, after a warning', async () => {
    onTestFinished(() => admin.apply(entitlement('')));
    const resources = postgresResources(server, 'idling');
    await admin.apply(resources.replace('recording: required', 'recording: required, idle: 5s'));
    await admin.apply(entitlement(', maxSession: 6s'));
    const idle = await openSession(token.secret, 'admin~idling');
    const long = await openSession();
    // Rows come all the time, most of them in more than one piece: neither word may stand inside one.
    const busy = await openSession();
    const rows = "select repeat('x', 20000), pg_sleep(0.001) from generate_series(1, 1000000)";
    expect(await busy.client.query(rows).catch((error: unknown) => error)).toMatchObject({ code: '57P01' });
    expect(busy.notices[0]).toMatchObject({ severity: 'WARNING', code: '01000' });
    await expectEnd(busy.id, 'max-session', 2);
    await long.gone;
    expect(long.notices[0]).toMatchObject({ severity: 'WARNING', code: '01000' });
    expect(long.notices[0]?.message).toMatch(/^this session ends in .* \(longest duration\)$/);
    expect(long.told[0]).toMatchObject({ code: '57P01', message: 'the session reached its longest duration' });
    await expectEnd(long.id, 'max-session');
    await idle.gone;
    expect(idle.notices[0]?.message).toMatch(/ \(idle\)/);
    expect(idle.told[0]).toMatchObject({ code: '57P01', message: 'the session was idle for too long' });
    await expectEnd(idle.id, 'idle');
  });
});

it('a target that ends the connection says so in its own words, and the session ends by it', async () => {
  const { id, told, gone } = await openSession();
  await server.sql("select pg_terminate_backend(pid) from pg_stat_activity where query = 'select 1'");
  await gone;
  expect(told[0]).toMatchObject({ code: '57P01', message: 'terminating connection due to administrator command' });
  await expectEnd(id, 'closed-by-target');
});

it('a client that is killed in the middle of a statement leaves its evidence', async () => {
  const { client, id } = await openSession();
  client.query('select pg_sleep(1)').catch(() => undefined);
  await until(
    async () => (await server.sql("select 1 from pg_stat_activity where query = 'select pg_sleep(1)'")) !== '',
    { what: 'the statement' },
  );
  (client as unknown as { connection: { stream: { destroy: () => void } } }).connection.stream.destroy();
  await expectEnd(id, 'closed-by-client', 2);
});

it('twenty at once each have their own session, and one token serves them all', async () => {
  const sessions = await Promise.all(Array.from({ length: 20 }, () => openSession()));
  const answers = await Promise.all(sessions.map(({ client }, index) => client.query('select $1::int as n', [index])));
  expect(answers.map(({ rows }) => (rows as { n: number }[])[0]?.n)).toEqual(sessions.map((_, index) => index));
  await Promise.all(sessions.map(({ client }) => client.end()));
  const open = async (): Promise<number> =>
    Number(
      await server.sql(
        "select count(*) from pg_stat_activity where backend_type = 'client backend' and application_name <> 'psql'",
      ),
    );
  await until(async () => (await open()) === 0, { what: 'the target to be left' });
}, 120_000);

it('a process that is asked to stop tells the people and logs the ends', async () => {
  const { id, told, gone } = await openSession();
  expect((await product.running().stop('SIGTERM')).code).toBe(0);
  await gone;
  expect(told[0]).toMatchObject({ code: '57P01', message: 'this proxy is shutting down; connect again' });
  await product.restart();
  admin = await logIn(product);
  await expectEnd(id, 'shutdown');
  expect(told.filter(({ code }) => code !== undefined)).toHaveLength(1);
}, 120_000);
