import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { int16, int32, list, text, typed, value } from '../../proxies/postgres/codec/bytes.ts';
import { type RawClient, rawLogin } from '../../proxies/postgres/raw-client.ts';
import { until } from '../../kit/until.ts';
import { logIn, type Person } from '../person.ts';
import { launchProduct, type Product, type Token } from '../product.ts';
import { postgresResources } from './database.ts';
import { recordedSince, type StatementRecord } from './recorded.ts';

let product: Product;
let server: PostgresServer;
let admin: Person;
let token: Token;

beforeAll(async () => {
  [product, server] = await Promise.all([launchProduct(), launchPostgresServer()]);
  await server.sql('create table orders (id int); create table kept (id int);');
  admin = await logIn(product);
  await admin.apply(
    [
      postgresResources(server, 'undropping', '{deny: [drop]}'),
      postgresResources(server, 'any'),
      postgresResources(server, 'bytes', '{maxBytes: 100}'),
    ].join('\n---\n'),
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
    const start = await admin.head();
    const client = await open('undropping', ['client_encoding', 'SJIS']);
    if (behind.length > 1) await together(client, 1, ...prepared, typed('S'));
    for (const each of before) expect(await together(client, 1, query(each))).toEqual([]);
    expect(await together(client, 2, ...behind, evil)).toEqual(['42501']);
    expect(await server.sql("select to_regclass('orders')")).toBe('orders');
    client.close();
    await admin.event(start, 'the end', ({ type }) => type === 'SessionEnded');
  });
});

describe('each outcome on the record is that of its own statement', () => {
  const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');
  const parse = typed('P', text(''), text('copy kept from stdin'), bytes('0000'));
  const extended = [
    parse,
    typed('B', text(''), text(''), bytes('000000000000')),
    typed('E', text(''), bytes('00000000')),
  ];
  const [sync, end] = [typed('S'), typed('c')];
  it.each([
    ['Sync comes behind a COPY, which does not hear it', [query('copy kept from stdin'), sync], [end]],
    ['it comes twice', [query('copy kept from stdin'), sync, sync, typed('H')], [sync, end]],
    ['two COPY stand in one text', [query('copy kept from stdin; copy kept from stdin'), end, end], []],
    ['an end of COPY has no beginning', [end, query('select 1; copy kept from stdin'), end], []],
    ['the COPY was prepared', [...extended, sync], [end, sync]],
    ['its data and the next one come at once', [...extended, end, sync], []],
  ])('though %s', async (_what, first, then) => {
    const start = await admin.head();
    const client = await open('any');
    const from = client.messages().length;
    client.send(...first);
    await client.message('copy-in', from);
    if (then.length > 0) client.send(...then);
    await client.message('ready-for-query', from);
    expect(await together(client, 1, query('select 1 / 0'))).toEqual(['22012']);
    expect(await together(client, 1, query('insert into kept values (1)'))).toEqual([]);
    expect(await together(client, 1, query('select 2 / 0'))).toEqual(['22012']);
    client.send(typed('X'));
    const [seen] = await recordedSince(product, admin, start, 1);
    expect(seen?.runs.slice(-3).map(({ statement, outcome, error }) => [statement, outcome, error])).toEqual([
      ['select', 'failed', '22012'],
      ['insert', 'done', null],
      ['select', 'failed', '22012'],
    ]);
  });

  it.each([
    ['behind', true],
    ['once it is known', false],
  ])('and a statement in the place of COPY data, %s, ends the session', async (_what, atOnce) => {
    const start = await admin.head();
    const client = await open('any');
    const from = client.messages().length;
    const [copy, other] = [query('copy kept from stdin'), query('insert into kept values (2)')];
    client.send(...(atOnce ? [copy, other] : [copy]));
    await client.message('copy-in', from).catch(() => undefined);
    if (!atOnce) client.send(other);
    await client.ended();
    const fatal = client
      .messages()
      .slice(from)
      .filter(({ type }) => type === 'error-response')
      .at(-1);
    expect(fatal?.type === 'error-response' && fatal.fields.get('C')).toBe('08P01');
    const [seen] = await recordedSince(product, admin, start, 1);
    expect(seen?.runs.filter(({ outcome }) => outcome === 'done')).toEqual([]);
    expect(await server.sql('select count(*) from kept where id = 2')).toBe('0');
  });
});

describe('what a name stands for on the record is what the database runs', () => {
  const none = Buffer.alloc(2);
  const prepare = (name: string, sql: string): Buffer => typed('P', text(name), text(sql), none);
  const bind = (portal: string, name: string): Buffer => typed('B', text(portal), text(name), none, none, none);
  const run = (portal: string): Buffer => typed('E', text(portal), Buffer.alloc(4));
  const sync = typed('S');
  const long = 'x'.repeat(63);
  const insert = 'insert into kept values (7)';

  async function recordsOf(...groups: readonly (readonly Buffer[])[]): Promise<readonly StatementRecord[]> {
    const start = await admin.head();
    const client = await open('any');
    for (const group of groups) expect(await together(client, 1, ...group)).toEqual([]);
    client.send(typed('X'));
    const [seen] = await recordedSince(product, admin, start, 1);
    return seen?.records ?? [];
  }

  it('of names that the database tells apart by their first 63 bytes', async () => {
    const records = await recordsOf(
      [prepare(`${long}a`, 'select 1'), typed('C', text(`S${long}b`)), prepare(`${long}c`, insert), sync],
      [bind('', `${long}a`), run(''), sync],
    );
    expect(records.findLast(({ via }) => via === 'execute')?.text).toBe(insert);
  });

  it('of a portal that became a cursor', async () => {
    const declare = 'declare p cursor for select * from kept';
    const records = await recordsOf(
      [query('begin')],
      [prepare('', 'select 1'), bind('p', ''), sync],
      [query('close p')],
      [query(declare)],
      [run('p'), sync],
    );
    expect(records.findLast(({ via }) => via === 'execute')).not.toHaveProperty('text');
  });

  it('of a name that was still taken, and was then free and taken anew in the same breath', async () => {
    const start = await admin.head();
    const client = await open('any');
    const again = [prepare('s', 'select 2'), sync, typed('C', text('Ss')), prepare('s', insert), sync];
    expect(await together(client, 1, prepare('s', 'select 1'), sync)).toEqual([]);
    expect(await together(client, 2, ...again)).toEqual(['42P05']);
    expect(await together(client, 1, bind('', 's'), run(''), sync)).toEqual([]);
    client.send(typed('X'));
    const [seen] = await recordedSince(product, admin, start, 1);
    expect(seen?.records.findLast(({ via }) => via === 'execute')?.text).toBe(insert);
  });

  it('of what is skipped behind an error that the client may know of', async () => {
    const start = await admin.head();
    const client = await open('any');
    const zero = typed('B', text(''), text('z'), none, Buffer.from([0, 1, 0, 0, 0, 1, 0x30]), none);
    const from = client.messages().length;
    client.send(prepare('', 'select 1'), bind('', ''), prepare('z', 'select 1 / $1::int'), zero, typed('H'));
    await client.message('error-response', from);
    expect(await together(client, 1, run(''), sync)).toEqual([]);
    client.send(typed('X'));
    const [seen] = await recordedSince(product, admin, start, 1);
    expect(seen?.records.findLast(({ via }) => via === 'execute')?.text).toBe('select 1 / $1::int');
  });

  it('of what a text that is too long to be read prepared anew', async () => {
    const records = await recordsOf(
      [query('prepare n as select 1')],
      [query(`deallocate n; prepare n as ${insert} -- ${'x'.repeat(70_000)}`)],
      [query('execute n')],
    );
    expect(records.findLast(({ kind }) => kind === 'execute')?.prepared).toEqual({ n: null });
  });
});

test('what only the database takes for code is on the record as it was sent', async () => {
  const start = await admin.head();
  const client = await open('any');
  const evil = "select 'a\\' password '; drop table gone; --'";
  await server.sql('create table gone (id int)');
  expect(await together(client, 1, query('set standard_conforming_strings = off'))).toEqual([]);
  expect(await together(client, 1, query(evil))).toEqual([]);
  expect(await server.sql("select to_regclass('gone') is null")).toBe('t');
  client.send(typed('X'));
  const [seen] = await recordedSince(product, admin, start, 1);
  expect(seen?.records.map(({ text: sent }) => sent)).toContain(evil);
});

test.each([90, 5_000, 200_000])('what a function gives that is called by its number counts: %s bytes', async (size) => {
  const start = await admin.head();
  const client = await open('bytes');
  // repeat(text, integer)
  const call = typed('F', int32(1622), int16(0), list(value('x'), value(String(size))), int16(0));
  expect(await together(client, 1, call)).toEqual(size > 100 ? ['54000'] : []);
  expect(await together(client, 1, query('select 1'))).toEqual([]);
  client.send(typed('X'));
  const [seen] = await recordedSince(product, admin, start, 1);
  expect(seen?.runs[0]).toMatchObject({ statement: 'function call', bytes: size > 100 ? 0 : size + 4 });
});

test('what was not prepared in sight is not run where rules hold, by EXECUTE either', async () => {
  const client = await open('undropping');
  expect(await together(client, 1, query('execute p'))).toEqual(['42501']);
  expect(await together(client, 1, query('prepare p as select 1; execute p'))).toEqual([]);
  expect(await together(client, 1, query('execute p'))).toEqual([]);
  const parse = typed('P', text(''), text('execute q'), Buffer.alloc(2));
  const run = [typed('B', text(''), text(''), Buffer.alloc(6)), typed('E', text(''), Buffer.alloc(4)), typed('S')];
  expect(await together(client, 1, query('prepare q as select 2'))).toEqual([]);
  expect(await together(client, 1, parse, ...run)).toEqual([]);
  expect(await together(client, 1, query('discard all'))).toEqual([]);
  expect(await together(client, 1, parse, ...run)).not.toEqual([]);
  expect(await together(client, 1, query('select 1; execute p'))).toEqual(['42501']);
  client.close();
  const free = await open('any');
  expect(await together(free, 1, query('execute p'))).toEqual(['26000']);
  free.close();
});
