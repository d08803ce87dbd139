import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { logIn, type Person } from '../person.ts';
import { launchProduct, type Product, type Token } from '../product.ts';
import { postgresResources, psql } from './database.ts';

let product: Product;
let server: PostgresServer;
let admin: Person;
let token: Token;

beforeAll(async () => {
  [product, server] = await Promise.all([launchProduct(), launchPostgresServer()]);
  await server.sql('create database shop');
  admin = await logIn(product);
  await admin.apply(postgresResources(server, 'shops', '{databases: [shop]}'));
  await admin.apply(postgresResources(server, 'any'));
  token = await admin.token();
}, 120_000);

afterAll(async () => {
  await product.stop();
  await server.stop();
});

const where = ['-c', 'select current_database()'];

test('an entitlement that names databases opens those', async () => {
  const run = await psql(product, 'admin~shops', token.secret, ['-d', 'shop', ...where]);
  expect(run).toMatchObject({ code: 0, stdout: 'shop\n', stderr: '' });
});

test.each([
  ['another one', 'postgres'],
  ['one that is not there', 'nowhere'],
  ['none, which means the one named like the account', 'admin~shops'],
  ['one by words that another program would take apart', 'host=evil dbname=shop'],
  ['one by a URL', 'postgresql://evil/shop'],
])('and does not open %s: nothing reaches the target', async (_what, database) => {
  const before = await admin.head();
  // libpq takes a name with an equals sign apart itself unless it comes from the environment.
  const run = await psql(product, 'admin~shops', token.secret, where, { env: { PGDATABASE: database } });
  const name = database === 'admin~shops' ? 'postgres' : database;
  expect(run.code).toBe(2);
  expect(run.stdout).toBe('');
  expect(run.stderr).toContain(`FATAL:  database "${name}" is not open to this session; name one of "shop"`);
  await admin.event(
    before,
    'the refusal',
    ({ type, data }) => type === 'ChannelRefused' && data.kind === 'database' && data.name === name,
  );
  await admin.event(before, 'the end of the session', ({ type }) => type === 'SessionEnded');
  const types = (await admin.events(before)).map(({ type }) => type);
  expect(types).not.toContain('TargetLegOpened');
  expect(types).not.toContain('ChannelOpened');
});

test('a name that the target would cut to another one is refused', async () => {
  const name = `${'x'.repeat(63)}y`;
  await server.sql(`create database ${name.slice(0, 63)}`);
  const run = await psql(product, 'admin~any', token.secret, where, { env: { PGDATABASE: name } });
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('is not open to this session: no name of a database is longer than 63 bytes');
  const cut = await psql(product, 'admin~any', token.secret, where, { env: { PGDATABASE: name.slice(0, 63) } });
  expect(cut).toMatchObject({ code: 0, stdout: `${name.slice(0, 63)}\n` });
});
