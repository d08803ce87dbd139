import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { launchProduct, type Product, type Token } from '../product.ts';
import { postgresResources, psql } from './database.ts';

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
