import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeFirstPacket } from '../../../src/proxies/postgres/codec/startup.ts';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { startTerminal } from '../../kit/pty.ts';
import { until } from '../../kit/until.ts';
import { launchProduct, type Product, type Token } from '../product.ts';
import { libpq, postgresResources, psql } from './database.ts';
import { lateCancel } from './late-cancel.ts';

let product: Product;
let server: PostgresServer;
let token: Token;

beforeAll(async () => {
  [product, server] = await Promise.all([launchProduct(), launchPostgresServer()]);
  await product.cli(['apply', '-f', '-'], { input: postgresResources(server) });
  token = await product.json<Token>(['token', 'create']);
}, 120_000);

afterAll(async () => {
  await product.stop();
  await server.stop();
});

test('psql asks through the proxy', async () => {
  const run = await psql(product, 'admin~app', token.secret, ['-c', 'select 6 * 7']);
  expect(run).toMatchObject({ code: 0, stdout: '42\n', stderr: '' });
});

test('at a terminal Ctrl-C ends a statement and a \\watch, and the session goes on', async () => {
  const env = { ...libpq(product, 'admin~app', token.secret), TERM: 'dumb', PAGER: 'cat' };
  const person = startTerminal('psql', ['-X', '-At', '-n'], { columns: 100, rows: 24, env });
  const prompt = 'postgres=# ';
  await person.shows(prompt);
  person.type('select pg_sleep(600);\r');
  const sleeping = "select 1 from pg_stat_activity where query = 'select pg_sleep(600);'";
  await until(async () => (await server.sql(sleeping)) !== '', { what: 'the statement' });
  person.type('\u0003');
  await person.shows('canceling statement due to user request');
  person.type("select 'tick ' || (1 + 1) \\watch 0.1\r");
  await person.shows(/tick 2[^]*tick 2/);
  const watched = person.output().length;
  person.type('\u0003');
  await person.shows(prompt, watched);
  person.type('select 6 * 7;\r');
  await person.shows(/\n42\r/);
  person.type('\\q\r');
  expect(await person.exited).toMatchObject({ code: 0 });
}, 120_000);

test('what the database says at its login reaches the person', async () => {
  const run = await psql(product, 'admin~app', token.secret, ['-d', 'nowhere', '-c', 'select 1']);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('FATAL:  database "nowhere" does not exist');
});

test('a wrong token opens nothing and is told where a new one is made', async () => {
  const run = await psql(product, 'admin~app', `${token.secret.slice(0, -1)}x`, ['-c', 'select 1']);
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(/FATAL: {2}Access denied: .* Make a new one at https:/);
});

test('a cancel request that takes its time stops no later statement', async () => {
  const late = await lateCancel(server.port);
  await product.cli(['apply', '-f', '-'], { input: postgresResources({ ...server, port: late.port }, 'late') });
  const { secret } = await product.json<Token>(['token', 'create']);
  const client = new pg.Client({
    host: 'localhost',
    port: product.postgresPort,
    user: 'admin~late',
    password: secret,
    database: 'postgres',
    ssl: { ca: readFileSync(join(product.dataFolder, 'ca.pem'), 'utf8') },
  });
  await client.connect();
  const { processID, secretKey } = client as unknown as { readonly processID: number; readonly secretKey: number };
  const key = Buffer.alloc(4);
  key.writeInt32BE(secretKey);
  const request = connect(product.postgresPort, '127.0.0.1');
  request.on('error', () => undefined).resume();
  request.write(encodeFirstPacket.cancelRequest(processID, key));
  await late.asked;
  const asked = client.query<{ seen: string }>("select pg_sleep(2), 'not stopped' as seen");
  const sleeps = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'";
  // It must not get there before the request, for which nothing else can be waited for than a while.
  const early = await until(async () => (await server.sql(sleeps)) === '1', {
    what: 'a statement',
    deadlineMs: 1_000,
  }).catch(() => false);
  late.release();
  expect((await asked).rows[0]?.seen).toBe('not stopped');
  expect(early).toBe(false);
  await client.end();
}, 120_000);
