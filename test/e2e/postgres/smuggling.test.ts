import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { text, typed } from '../../proxies/postgres/codec/bytes.ts';
import { type RawClient, rawLogin } from '../../proxies/postgres/raw-client.ts';
import { until } from '../../kit/until.ts';
import { logIn, type Person } from '../person.ts';
import { launchProduct, type Product, type Token } from '../product.ts';
import { postgresResources } from './database.ts';

let product: Product;
let server: PostgresServer;
let admin: Person;
let token: Token;

beforeAll(async () => {
  [product, server] = await Promise.all([launchProduct(), launchPostgresServer()]);
  await server.sql('create table orders (id int); create table kept (id int);');
  admin = await logIn(product);
  await admin.apply(
    [postgresResources(server, 'undropping', '{deny: [drop]}'), postgresResources(server, 'any')].join('\n---\n'),
  );
  token = await admin.token();
}, 120_000);

afterAll(async () => {
  await product.stop();
  await server.stop();
});

const query = (sql: string): Buffer => typed('Q', text(sql));

async function open(target: string, ...more: readonly (readonly [string, string])[]): Promise<RawClient> {
  const user = ['user', `admin~${target}`] as const;
  return await rawLogin(product.postgresPort, [user, ['database', 'postgres'], ...more], token.secret);
}

/** Sends messages in one go, and waits for so many ReadyForQuery. Gives the SQLSTATEs of the errors. */
async function together(client: RawClient, ready: number, ...messages: readonly Buffer[]): Promise<readonly string[]> {
  const from = client.messages().length;
  const heard = () => client.messages().slice(from);
  client.send(...messages);
  await until(() => !client.isOpen() || heard().filter(({ type }) => type === 'ready-for-query').length === ready, {
    what: `${String(ready)} answers`,
  });
  return heard().flatMap((each) => (each.type === 'error-response' ? [each.fields.get('C') ?? ''] : []));
}

describe('a text that the database reads in an older encoding than it last reported', () => {
  // In UTF-8 one string. In SJIS the backslash is half of a character, so that the string ends before the semicolon.
  const evil = query("select E'\u0081\\'; drop table orders; --'");
  const utf8 = "set client_encoding = 'UTF8'";
  const prepared = [typed('P', text('p'), text('commit'), Buffer.alloc(2))];
  const run = [typed('B', text(''), text('p'), Buffer.alloc(6)), typed('E', text(''), Buffer.alloc(4)), typed('S')];
  it.each([
    ['RESET ALL', [utf8], [query('reset all')]],
    ['DISCARD ALL', [utf8], [query('discard all')]],
    ['the end of a transaction', ['begin', utf8.replace('set', 'set local')], [query('commit')]],
    ['an error', ['begin', utf8], [query('rollback')]],
    ['the run of what was prepared before', ['begin', utf8.replace('set', 'set local')], [...run]],
  ])('after %s is refused', async (_what, before, behind) => {
    const client = await open('undropping', ['client_encoding', 'SJIS']);
    if (behind.length > 1) await together(client, 1, ...prepared, typed('S'));
    for (const each of before) expect(await together(client, 1, query(each))).toEqual([]);
    expect(await together(client, 2, ...behind, evil)).toEqual(['42501']);
    expect(await server.sql("select to_regclass('orders')")).toBe('orders');
    client.close();
  });
});
