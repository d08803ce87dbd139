import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, test } from 'vitest';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { until } from '../../kit/until.ts';
import { int16, int32, raw, text, typed, untyped } from '../../proxies/postgres/codec/bytes.ts';
import { cancelRequest, type RawClient, rawClient, rawInTls, rawLogin } from '../../proxies/postgres/raw-client.ts';
import { logIn, type Person } from '../person.ts';
import { launchProduct, type Product, type Token } from '../product.ts';
import { postgresResources, psql } from './database.ts';

let product: Product;
let server: PostgresServer;
let admin: Person;
let token: Token;
const login = 'admin~app';

beforeAll(async () => {
  [product, server] = await Promise.all([launchProduct(), launchPostgresServer()]);
  admin = await logIn(product);
  await admin.apply(postgresResources(server));
  token = await admin.token();
}, 120_000);

afterAll(async () => {
  await product.stop();
  await server.stop();
});

const open = (...more: readonly (readonly [string, string])[]): Promise<RawClient> =>
  rawLogin(product.postgresPort, [['user', login], ['database', 'postgres'], ...more], token.secret);

async function works(): Promise<void> {
  const run = await psql(product, login, token.secret, ['-c', 'select 6 * 7']);
  expect(run).toMatchObject({ code: 0, stdout: '42\n', stderr: '' });
}

describe('a startup packet of another version is answered as PostgreSQL answers', () => {
  /** Types of the messages, and what of them must be the same. */
  async function answers(port: number, packet: Buffer): Promise<readonly unknown[]> {
    const client = await rawInTls(port);
    client.send(packet);
    await until(() => !client.isOpen() || client.messages().some(({ type }) => type === 'authentication-sasl'), {
      what: 'an answer',
    });
    const seen = client.messages().map((message) => {
      if (message.type === 'error-response') return [message.fields.get('S'), message.fields.get('C')];
      return message.type === 'negotiate-protocol-version' ? message : message.type;
    });
    client.close();
    return seen;
  }
  const user = [text('user'), text('postgres')];
  it.each([
    ['3.0', untyped(int32(0x3_0000), ...user, raw('\0'))],
    ['3.2', untyped(int32(0x3_0002), ...user, raw('\0'))],
    [
      '3.99 with options',
      untyped(int32(0x3_0063), ...user, text('_pq_.a'), text('1'), text('_pq_.b'), text(''), raw('\0')),
    ],
    ['3.0 with an option', untyped(int32(0x3_0000), ...user, text('_pq_.command_progress'), text('on'), raw('\0'))],
    ['4.0', untyped(int32(0x4_0000), ...user, raw('\0'))],
    ['65535.0', untyped(raw('\xff\xff\0\0'), ...user, raw('\0'))],
  ])('%s', async (_what, packet) => {
    expect(await answers(product.postgresPort, packet)).toEqual(await answers(server.port, packet));
  });
});

test('a login that fails is on the record with who and where from, and without what was shown', async () => {
  const before = await admin.head();
  await expect(rawLogin(product.postgresPort, [['user', login]], `${token.secret}x`)).rejects.toThrow('28P01');
  await expect(rawLogin(product.postgresPort, [['user', 'no~body~there~is']], token.secret)).rejects.toThrow('28P01');
  const refused = await admin.event(before, 'the refusal', ({ type }) => type === 'PassRefused');
  expect(refused.data).toMatchObject({ door: 'postgres', source: '127.0.0.1' });
  await until(async () => (await admin.events(before)).filter(({ type }) => type === 'PassRefused').length === 2, {
    what: 'both refusals',
  });
  expect(JSON.stringify(await admin.events(before))).not.toContain(token.secret);
});

describe('an open session whose client breaks the protocol', () => {
  const bind = (...rest: readonly Uint8Array[]): Buffer => typed('B', text(''), text(''), ...rest);
  it.each([
    ['an unknown message', typed('!')],
    ['an answer to no question', typed('p', raw('n,,n=,r=a'))],
    ['a startup packet', untyped(int32(0x3_0000), raw('\0'))],
    ['a query of 2^31-1 bytes', Buffer.concat([raw('Q'), int32(0x7fff_ffff)])],
    ['a query of a negative length', Buffer.concat([raw('Q'), int32(-5)])],
    ['a query one byte longer than 64 MB', Buffer.concat([raw('Q'), int32(64 * 1024 * 1024)])],
    ['a query without an end', typed('Q', raw('select 1'))],
    ['a query with two ends', typed('Q', text('select 1'), text('drop table x'))],
    ['a value of 2^31-1 bytes', bind(int16(0), int16(1), int32(0x7fff_ffff), raw('x'))],
    ['a value of a negative length', bind(int16(0), int16(1), int32(-2), int16(0))],
    ['65,535 values that are not there', bind(int16(0), int16(-1))],
    ['65,535 types that are not there', typed('P', text(''), text('select 1'), int16(-1))],
    ['a Sync with a body', typed('S', raw('x'))],
    ['a Close of something else', typed('C', raw('X'), text('a'))],
  ])('by %s is ended in the words of the protocol', async (_what, bytes) => {
    const before = await admin.head();
    const client = await open();
    client.send(bytes);
    const error = await client.message('error-response');
    expect([error.fields.get('S'), error.fields.get('C')]).toEqual(['FATAL', '08P01']);
    await client.ended();
    const ended = await admin.event(before, 'the end', ({ type }) => type === 'SessionEnded');
    expect(ended.data).toMatchObject({ reason: 'error' });
  });

  it('leaves the others alone', async () => {
    await works();
    // The one that asks.
    const backends = "select count(*) from pg_stat_activity where backend_type = 'client backend'";
    await until(async () => (await server.sql(backends)) === '1', { what: 'the end of all their target legs' });
  });
});

test('10,000 parameters, and as many as there can be, arrive as they were', async () => {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: product.postgresPort,
    user: login,
    password: token.secret,
    database: 'postgres',
    ssl: { rejectUnauthorized: false },
  });
  await client.connect();
  onTestFinished(() => client.end());
  for (const count of [10_000, 65_535]) {
    const values = Array.from({ length: count }, (_, at) => at);
    const places = values.map((at) => `($${String(at + 1)}::int)`).join(',');
    const { rows } = await client.query<{ n: string }>(`select sum(v)::text n from (values ${places}) x(v)`, values);
    expect(rows).toEqual([{ n: String((count * (count - 1)) / 2) }]);
  }
});

describe('cancel requests', () => {
  async function sleeping(): Promise<{ client: RawClient; processId: number; secret: Buffer; from: number }> {
    const client = await open();
    const key = client.messages().find(({ type }) => type === 'backend-key-data');
    if (key?.type !== 'backend-key-data') throw new Error('no cancel key');
    const from = client.messages().length;
    client.send(typed('Q', text('select pg_sleep(600)')));
    await asleep(1);
    return { client, processId: key.processId, secret: Buffer.from(key.secret), from };
  }

  async function asleep(count: number): Promise<void> {
    const query = "select count(*) from pg_stat_activity where query = 'select pg_sleep(600)' and state = 'active'";
    await until(async () => (await server.sql(query)) === String(count), { what: `${String(count)} asleep` });
  }

  /** Without an answer, whatever is asked. */
  async function ask(client: RawClient, request: Buffer): Promise<void> {
    const said = client.heard().length;
    client.send(request);
    await client.ended();
    expect(client.heard()).toHaveLength(said);
  }

  it('stop a statement in clear text and inside TLS, and with a foreign, wrong or old key nothing', async () => {
    const one = await sleeping();
    const backend = "select pid from pg_stat_activity where query = 'select pg_sleep(600)' and state = 'active'";
    const pid = Number(await server.sql(backend));
    const wrong = Buffer.from(one.secret);
    wrong.writeUInt8((wrong.readUInt8(0) + 1) % 256, 0);
    for (const begin of [rawClient, rawInTls]) {
      await ask(await begin(product.postgresPort), cancelRequest(one.processId, wrong));
      await ask(await begin(product.postgresPort), cancelRequest(one.processId ^ 1, one.secret));
      await ask(await begin(product.postgresPort), cancelRequest(pid, one.secret));
      await ask(
        await begin(product.postgresPort),
        cancelRequest(one.processId, Buffer.concat([one.secret, one.secret])),
      );
      await ask(await begin(product.postgresPort), cancelRequest(-1, Buffer.alloc(256)));
    }
    await asleep(1);
    await ask(await rawClient(product.postgresPort), cancelRequest(one.processId, one.secret));
    expect((await one.client.message('error-response', one.from)).fields.get('C')).toBe('57014');
    await one.client.message('ready-for-query', one.from);
    one.client.send(typed('X'));
    await one.client.ended();

    const two = await sleeping();
    expect(two.processId).not.toBe(one.processId);
    await ask(await rawInTls(product.postgresPort), cancelRequest(one.processId, one.secret));
    await asleep(1);
    await ask(await rawInTls(product.postgresPort), cancelRequest(two.processId, two.secret));
    expect((await two.client.message('error-response', two.from)).fields.get('C')).toBe('57014');
    two.client.close();
  });

  it('that come in numbers stop it, and nobody else is kept waiting', async () => {
    const { client, processId, secret, from } = await sleeping();
    const floods = Array.from({ length: 40 }, async () => {
      await ask(await rawClient(product.postgresPort), cancelRequest(processId, secret));
    });
    await Promise.all(floods);
    expect((await client.message('error-response', from)).fields.get('C')).toBe('57014');
    client.close();
    await works();
  });
});
