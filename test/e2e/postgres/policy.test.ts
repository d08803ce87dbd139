import pg from 'pg';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { logIn, type Person } from '../person.ts';
import { encodeFirstPacket } from '../../../src/proxies/postgres/codec/startup.ts';
import { until } from '../../kit/until.ts';
import { int16, int32, text, typed, value } from '../../proxies/postgres/codec/bytes.ts';
import { proveToken, type RawClient, rawInTls, rawLogin } from '../../proxies/postgres/raw-client.ts';
import { type Finished, launchProduct, type Product, type Token } from '../product.ts';
import { postgresResources, psql } from './database.ts';

let product: Product;
let server: PostgresServer;
let admin: Person;
let token: Token;

/** One target for each set of rules; all are the same database. */
const rules = {
  reader: '{readOnly: true}',
  undropping: '{deny: [drop, copy to stdout]}',
  selecting: '{allow: [select]}',
  orders: '{objects: {allow: [public.orders], deny: [public.salaries]}}',
  marking: '{deny: [drop], notUnderstood: mark}',
  rows: '{maxRows: 3}',
  bytes: '{maxBytes: 100}',
};

beforeAll(async () => {
  [product, server] = await Promise.all([launchProduct(), launchPostgresServer()]);
  await server.sql(`
    create table orders (id int primary key, what text);
    insert into orders select n, 'thing ' || n from generate_series(1, 10) n;
    create table salaries (who text);
    create function sneaky() returns void language sql as 'insert into salaries values (''me'')';
  `);
  admin = await logIn(product);
  const all = Object.entries(rules).map(([name, channels]) => postgresResources(server, name, channels));
  await admin.apply(all.join('\n---\n'));
  token = await admin.token();
}, 120_000);

afterAll(async () => {
  await product.stop();
  await server.stop();
});

/** Statements one after the other in one session of psql, which goes on after an error. */
async function run(target: keyof typeof rules, ...statements: readonly string[]): Promise<Finished> {
  const input = `\\set VERBOSITY verbose\n${statements.join('\n')}\n`;
  return await psql(product, `admin~${target}`, token.secret, ['-q'], { input });
}

async function driver(target: keyof typeof rules): Promise<pg.Client> {
  const client = new pg.Client({
    host: 'localhost',
    port: product.postgresPort,
    user: `admin~${target}`,
    password: token.secret,
    database: 'postgres',
    ssl: { ca: readFileSync(join(product.dataFolder, 'ca.pem'), 'utf8') },
  });
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

describe('a read-only session', () => {
  const writing: readonly (readonly [string, RegExp])[] = [
    ['insert into salaries values (1);', /INSERT is refused/],
    ['with w as (delete from orders returning 1) select * from w;', /DELETE is refused/],
    ['explain analyze delete from orders;', /DELETE is refused/],
    ["select nextval('x');", /nextval\(\) is refused/],
    ['set default_transaction_read_only = off;', /is refused/],
    ['begin read write;', /is refused/],
    ['do $$ begin perform 1; end $$;', /DO is refused/],
    ['create temp table t (a int);', /CREATE TABLE is refused/],
    ['select 1; drop table orders;', /DROP TABLE is refused/],
  ];

  it('writes nothing, and each try is on the record', async () => {
    const client = await driver('reader');
    const before = await admin.head();
    for (const [statement, words] of writing) {
      const message = expect.stringMatching(words) as string;
      await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501', message });
    }
    expect((await client.query('select * from orders')).rowCount).toBe(10);
    const refused = (await admin.events(before)).filter(({ type }) => type === 'StatementRefused');
    expect(refused).toHaveLength(writing.length);
  });

  it('is told to the database too, which refuses what a function would write', async () => {
    const { stdout, stderr } = await run('reader', 'select sneaky();', 'show default_transaction_read_only;');
    expect(stderr).toContain('ERROR:  25006:');
    expect(stdout).toBe('on\n');
  });

  it('can not be lifted by what the client starts with', async () => {
    const off = '-c default_transaction_read_only=off';
    const { stdout } = await psql(product, 'admin~reader', token.secret, ['-c', 'show default_transaction_read_only'], {
      env: { PGOPTIONS: off },
    });
    expect(stdout).toBe('on\n');
  });
});

describe('rules about kinds and objects', () => {
  it('refuse a denied kind and nothing else', async () => {
    const { stdout, stderr } = await run(
      'undropping',
      'drop table orders;',
      'copy orders to stdout;',
      'create table kept (a int);',
      'insert into kept values (1) returning a;',
    );
    expect(stderr.match(/42501/g)).toHaveLength(2);
    expect(stderr).toContain('DROP TABLE is refused: this session may not drop (deny)');
    expect(stderr).toContain('COPY TO STDOUT is refused');
    expect(stdout).toBe('1\n');
  });

  it('refuse what is not allowed', async () => {
    const { stdout, stderr } = await run(
      'selecting',
      'begin;',
      'select count(*) from orders;',
      'commit;',
      'update orders set what = null;',
    );
    expect(stdout).toBe('10\n');
    expect(stderr).toContain('UPDATE is refused: this session may only select (allow)');
  });

  it('refuse objects by name', async () => {
    const { stdout, stderr } = await run(
      'orders',
      'select count(*) from public.orders;',
      'select * from salaries;',
      'select * from "public"."salaries";',
      'table pg_catalog.pg_statistic;',
      'copy public.salaries to stdout;',
    );
    expect(stdout).toBe('10\n');
    expect(stderr.match(/42501/g)).toHaveLength(4);
  });

  it('deny what is not understood beside them, or mark it', async () => {
    const strange = "select 'half;\n";
    const client = await driver('undropping');
    await expect(client.query(strange)).rejects.toMatchObject({ code: '42501' });
    const before = await admin.head();
    const marking = await driver('marking');
    await expect(marking.query(strange)).rejects.toMatchObject({ code: '42601' });
    const seen = await admin.event(before, 'the statement', ({ type }) => type === 'StatementsExecuted');
    expect(seen.data.runs).toMatchObject([{ statement: 'not understood', verdict: 'marked', outcome: 'failed' }]);
  });

  it('hold for texts in any encoding and string syntax', async () => {
    const { stderr } = await run(
      'undropping',
      'set standard_conforming_strings = off;',
      "set client_encoding = 'SJIS';",
      "select set_config('standard_conforming_strings', 'off', false);",
      "select set_config('standard_' || 'conforming_strings', 'off', false);",
      "update pg_settings set setting = 'off' where name = 'standard_conforming_strings';",
    );
    expect(stderr.match(/42501/g)).toHaveLength(5);
    const client = await psql(product, 'admin~undropping', token.secret, ['-c', "select '\u8868'"], {
      env: { PGCLIENTENCODING: 'SJIS' },
    });
    expect(client.stderr).toContain('in the encoding or string syntax of this session');
  });
});

describe('a refused statement', () => {
  it('fails its transaction as an error of the database does', async () => {
    const { stdout, stderr } = await run(
      'undropping',
      'begin;',
      "insert into orders values (100, 'gone');",
      'drop table orders;',
      'select 1;',
      'commit;',
      'select count(*) from orders;',
    );
    expect(stderr).toContain('ERROR:  42501:');
    expect(stderr).toContain('ERROR:  25P02: current transaction is aborted');
    expect(stdout).toBe('10\n');
  });

  it('leaves a savepoint to go back to', async () => {
    const { stdout } = await run(
      'undropping',
      'begin;',
      'savepoint a;',
      'drop table orders;',
      'rollback to a;',
      "insert into orders values (101, 'kept') returning id;",
      'rollback;',
    );
    expect(stdout).toBe('101\n');
  });

  it('in the extended protocol is that of its Parse', async () => {
    const client = await driver('undropping');
    await expect(client.query('drop table orders where $1 = 1', [1])).rejects.toMatchObject({ code: '42501' });
    await expect(client.query({ name: 'named', text: 'drop table orders' })).rejects.toMatchObject({ code: '42501' });
    const { rows } = await client.query<{ n: string }>('select $1::text as n', ['on']);
    expect(rows).toEqual([{ n: 'on' }]);
  });

  it('by EXECUTE of a prepared one is refused where it is prepared', async () => {
    const { stdout, stderr } = await run(
      'undropping',
      'prepare p as select 1;',
      'execute p;',
      'prepare q (int) as drop table orders;',
    );
    expect(stdout).toBe('1\n');
    expect(stderr).toMatch(/ERROR: {2}42501/);
  });
});

describe('spoken message by message', () => {
  const open = (target: keyof typeof rules): Promise<RawClient> =>
    rawLogin(
      product.postgresPort,
      [
        ['user', `admin~${target}`],
        ['database', 'postgres'],
      ],
      token.secret,
    );
  const run = (sql: string): Buffer =>
    Buffer.concat([
      typed('P', text(''), text(sql), int16(0)),
      typed('B', text(''), text(''), int16(0), int16(0), int16(0)),
      typed('E', text(''), int32(0)),
    ]);
  const told = (client: RawClient, from: number): readonly unknown[] =>
    client
      .messages()
      .slice(from)
      .flatMap((each) => {
        if (each.type === 'error-response') return [each.fields.get('C')];
        if (each.type === 'ready-for-query') return [each.status];
        return each.type === 'command-complete' ? [each.tag] : [];
      });

  it('a refused statement of a pipeline takes with it what is behind it, up to its Sync', async () => {
    const client = await open('undropping');
    const from = client.messages().length;
    const before = await admin.head();
    client.send(run('select 1'), run('drop table orders'), run("insert into orders values (300, '')"), typed('S'));
    await client.message('ready-for-query', from);
    client.send(run('select count(*) from orders where id = 300'), typed('S'));
    await until(() => told(client, from).length === 5, { what: 'both answers' });
    expect(told(client, from)).toEqual(['SELECT 1', '42501', 'I', 'SELECT 1', 'I']);
    client.send(typed('X'));
    await admin.event(before, 'the end', ({ type }) => type === 'SessionEnded');
    const seen = (await admin.events(before)).flatMap(({ type, data }) =>
      type === 'StatementsExecuted' ? (data.runs as readonly { statement: string; outcome: string }[]) : [],
    );
    const outcomes = seen.map(({ statement, outcome }) => `${statement} ${outcome}`);
    expect(outcomes).toContain('insert skipped');
    expect(outcomes.filter((each) => each === 'select done')).toHaveLength(2);
    expect(outcomes.join()).not.toContain('drop');
  });

  it('a function that is called by its number is not understood', async () => {
    // int4pl(1, 2)
    const call = typed('F', int32(177), int16(0), int16(2), value('1'), value('2'), int16(0));
    const denied = await open('undropping');
    const from = denied.messages().length;
    denied.send(call);
    await denied.message('ready-for-query', from);
    expect(told(denied, from)).toEqual(['42501', 'I']);
    const marked = await open('marking');
    const heard = marked.messages().length;
    marked.send(call);
    await marked.message('ready-for-query', heard);
    expect(told(marked, heard)).toEqual(['I']);
  });

  it('what is said before the session is open is judged like the rest, or not heard', async () => {
    const client = await rawInTls(product.postgresPort);
    client.send(
      encodeFirstPacket.startup([
        ['user', 'admin~undropping'],
        ['database', 'postgres'],
      ]),
    );
    await client.message('authentication-sasl');
    await proveToken(client, token.secret);
    client.send(typed('Q', text('drop table orders')), typed('Q', text('select 1')));
    await until(() => told(client, 0).some((each) => each === '08P01' || each === 'SELECT 1'), { what: 'an answer' });
    expect(told(client, 0)).not.toContain('DROP TABLE');
    client.close();
    expect(await server.sql('select count(*) from orders')).toBe('10');
  });
});

describe('limits', () => {
  const many = 'select id from orders';
  it.each([
    ['a query', `${many};`],
    ['a query of several statements', 'select 1\\; select 2\\; select 3\\; select 4;'],
    ['COPY', 'copy orders to stdout;'],
    ['COPY of a query', `copy (${many}) to stdout (format csv);`],
    ['INSERT RETURNING', "insert into orders select n, '' from generate_series(200, 210) n returning id;"],
    ['FETCH', `begin; declare c cursor for ${many}; fetch 4 from c; rollback;`],
  ])('end %s that gives too many rows, and the session goes on', async (_what, statement) => {
    const { stdout, stderr } = await run('rows', statement, "select 'next';");
    expect(stderr).toContain('ERROR:  54000: the access policy lets a statement give 3 rows at the most');
    expect(stdout.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(4);
    expect(stdout).toMatch(/next\n$/);
  });

  it('let through what is within them', async () => {
    expect(await run('rows', `${many} limit 3;`, `copy (${many} limit 3) to stdout;`)).toMatchObject({
      stdout: '1\n2\n3\n1\n2\n3\n',
      stderr: '',
    });
  });

  it('count bytes', async () => {
    const { stdout, stderr } = await run('bytes', "select repeat('x', 101);", "select repeat('x', 90);");
    expect(stderr).toContain('54000: the access policy lets a statement give 100 bytes of rows at the most');
    expect(stdout).toBe(`${'x'.repeat(90)}\n`);
  });

  it('hold for what is fetched in portions', async () => {
    const client = await driver('rows');
    await expect(client.query({ text: many, rows: 2 } as pg.QueryConfig)).rejects.toMatchObject({ code: '54000' });
  });

  it('hold in the extended protocol, and what is stopped is never the next statement', async () => {
    const client = await driver('rows');
    await expect(client.query('select id from orders where id > $1', [1])).rejects.toMatchObject({ code: '54000' });
    for (let n = 0; n < 10; n += 1) {
      await expect(client.query(many)).rejects.toMatchObject({ code: '54000' });
      expect((await client.query('select pg_sleep(0.05)')).rowCount).toBe(1);
    }
  });
});
