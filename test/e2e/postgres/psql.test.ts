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
