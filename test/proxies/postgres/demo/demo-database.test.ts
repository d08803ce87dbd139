import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { selfSigned } from '../../../../src/adapters/certificates/self-signed.ts';
import { type DemoDatabase, startDemoDatabase } from '../../../../src/proxies/postgres/demo/demo-database.ts';
import { descendants } from '../../../kit/process-tree.ts';
import { until } from '../../../kit/until.ts';

let demo: DemoDatabase;

beforeAll(async () => {
  demo = await startDemoDatabase(await selfSigned('demo', new Date()));
});

afterAll(() => demo.close());

function databaseProcess(): number {
  const command = (pid: number): string => readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8');
  const found = descendants(process.pid).find((pid) => command(pid).includes('database-process'));
  if (found === undefined) throw new Error('the database has no process');
  return found;
}

/** On a busy machine it may take its time to come up, and to forget the client before. */
async function connected(options: pg.ClientConfig = {}): Promise<pg.Client> {
  return until(() => connect(options).catch(() => undefined), { what: 'a turn with the database' });
}

async function connect(options: pg.ClientConfig = {}): Promise<pg.Client> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: demo.port,
    user: 'postgres',
    database: 'postgres',
    ssl: { rejectUnauthorized: false },
    ...options,
  });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

test('the first connection starts it, in both protocols of queries, and each connection begins anew', async () => {
  const first = await connected({ application_name: 'one' });
  expect((await first.query('show application_name')).rows).toEqual([{ application_name: 'one' }]);
  const moons = await first.query('select moons from planet where name = $1', ['Mars']);
  expect(moons.rows).toEqual([{ moons: 2 }]);
  await first.query("begin; create temp table mine(x int); set application_name = 'changed'; prepare p as select 1");
  await first.query('create table kept(x int)').then(() => first.query('commit'));
  await first.query('begin; drop table kept');
  await first.end();
  const second = await connected();
  expect((await second.query('show application_name')).rows).toEqual([{ application_name: '' }]);
  expect((await second.query('select count(*)::int as rows from kept')).rows).toEqual([{ rows: 0 }]);
  await expect(second.query('select * from mine')).rejects.toMatchObject({ code: '42P01' });
  await expect(second.query('execute p')).rejects.toMatchObject({ code: '26000' });
}, 120_000);

test('it serves one connection at a time, and says so to the next', async () => {
  const first = await connected();
  await expect(connect()).rejects.toMatchObject({ code: '53300' });
  expect((await first.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
}, 120_000);

test.each(['copy planet from stdin', "copy planet to program 'id'"])(
  'what would take it apart is an error, also in a transaction: %s',
  async (statement) => {
    const client = await connected();
    await client.query('begin');
    await expect(client.query(statement)).rejects.toMatchObject({ code: '0A000' });
    await expect(client.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    await client.query('rollback');
    await expect(client.query({ text: statement, name: 'named' })).rejects.toMatchObject({ code: '0A000' });
    expect((await client.query('select count(*)::int as rows from planet')).rows).toEqual([{ rows: 8 }]);
  },
  120_000,
);

test('a reader that reads nothing holds it back, and gets all of it later', async () => {
  const client = await connected();
  const before = process.memoryUsage().arrayBuffers;
  const query = client.query('select repeat(md5(i::text), 1000) from generate_series(1, 4000) i');
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Duplex } }).connection;
  stream.once('data', () => stream.pause());
  let held = 0;
  await until(
    () => {
      const last = held;
      held = process.memoryUsage().arrayBuffers;
      return stream.isPaused() && Math.abs(held - last) < 65_536;
    },
    { what: 'nothing more to come' },
  );
  // Of 128 MB.
  expect(held - before).toBeLessThan(32 << 20);
  stream.resume();
  expect((await query).rowCount).toBe(4_000);
}, 120_000);

test('when it is killed at work the client is told, and the next connection begins anew', async () => {
  const client = await connected();
  await client.query('create table lost(x int)');
  const asked = client.query('select pg_sleep(600)');
  const ended = expect(asked).rejects.toMatchObject({ code: '57P02' });
  process.kill(databaseProcess(), 'SIGKILL');
  await ended;
  const next = await connected();
  await expect(next.query('select * from lost')).rejects.toMatchObject({ code: '42P01' });
}, 120_000);

test('a statement that never ends is not left running when its client has gone', async () => {
  const client = await connected();
  client.query('select pg_sleep(600)').catch(() => undefined);
  const stream = client as unknown as { readonly connection: { readonly stream: { destroy(): void } } };
  stream.connection.stream.destroy();
  const next = await connected();
  expect((await next.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
}, 120_000);
