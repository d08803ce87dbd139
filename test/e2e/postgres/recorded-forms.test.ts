import pg from 'pg';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { logIn, type Person, type SeenEvent } from '../person.ts';
import { launchProduct, type Product, type Token } from '../product.ts';
import { postgresResources } from './database.ts';

let product: Product;
let server: PostgresServer;
let admin: Person;
let token: Token;

beforeAll(async () => {
  [product, server] = await Promise.all([launchProduct(), launchPostgresServer()]);
  await server.sql('create table kept (n int, what text)');
  admin = await logIn(product);
  const forms = ['full', 'redacted', 'fingerprint'];
  const all = forms.map((form) =>
    postgresResources(server, form, `{statements: ${form}, deny: [drop], notUnderstood: mark}`),
  );
  await admin.apply(all.join('\n---\n'));
  token = await admin.token();
}, 120_000);

afterAll(async () => {
  await product.stop();
  await server.stop();
});

/** What people type that is nobody's business, each in another place of a statement. */
const typed = [
  "select 'in-a-constant', 4711001",
  'select 1 /* in-a-comment */',
  "select 1 as n where 'x' = E'in-an-escape\\n'",
  'select $tag$in-dollars$tag$',
  "insert into kept values (4711002, 'in-an-insert')",
  "prepare p as select 'in-a-prepare' where $1 = 4711003",
  'execute p(4711003)',
  "do $$ begin perform 'in-a-block'; end $$",
  "comment on table kept is 'in-a-comment-on'",
  "select 'in-an-error'::int",
  "select 'in-what-is-cut",
  "drop table kept -- 'in-what-is-refused'",
  "set application_name = 'in-a-setting'",
  "select * from kept where what like 'in-several'; select 4711004",
];
const marks = typed.flatMap((text) => text.match(/in-[a-z-]+[a-z]|4711\d+/g) ?? []);
/** What is never kept, whatever is asked for. */
const passwords = [
  "alter role postgres in database postgres set search_path = public; create role someone password 'never-kept-1'",
  "alter role someone with encrypted password E'never-kept-2'",
  'create user another password $$never-kept-3$$',
];

/** One session with all of it: its lines in the recording, and what the log holds of it. */
async function record(form: string): Promise<{ readonly lines: string; readonly events: readonly SeenEvent[] }> {
  const before = await admin.head();
  const client = new pg.Client({
    host: 'localhost',
    port: product.postgresPort,
    user: `admin~${form}`,
    password: token.secret,
    database: 'postgres',
    ssl: { ca: readFileSync(join(product.dataFolder, 'ca.pem'), 'utf8') },
  });
  await client.connect();
  for (const text of [...typed, ...passwords, 'set role none', 'select 1'])
    await client.query(text).catch(() => undefined);
  await client.query('select $1::text, $2::int', ['in-a-parameter', 4711005]);
  await client.query({ name: 'in_sight', text: 'select $1::text', values: ['in-a-parameter'] });
  await client.query('drop role someone').catch(() => undefined);
  await client.end();
  await server.sql('drop role someone; drop role another');
  const ended = await admin.event(before, 'the end', ({ type }) => type === 'SessionEnded');
  const { stdout } = await product.cli(['recordings', 'export', ended.stream, '--as', 'jsonl']);
  const events = (await admin.events(before)).filter(({ stream }) => stream === ended.stream);
  return { lines: stdout, events };
}

const parameters = ['in-a-parameter', '4711005'];
const isKind = ({ type }: SeenEvent): boolean => type === 'StatementsExecuted' || type === 'StatementRefused';

test('in full: texts and parameters are in the recording, passwords are not, and the log has neither', async () => {
  const { lines, events } = await record('full');
  for (const mark of [...marks, ...parameters]) expect(lines).toContain(mark);
  expect(lines).not.toContain('never-kept');
  const log = JSON.stringify(events);
  expect(events.filter(isKind).length).toBeGreaterThan(1);
  expect(log).not.toMatch(/in-[a-z]+-|4711|never-kept/);
});

test('redacted: the texts without what was typed into them', async () => {
  const { lines, events } = await record('redacted');
  expect(lines).not.toMatch(/in-an?-|in-[dsw]|4711|never-kept/);
  expect(lines).toContain('insert into kept values');
  expect(JSON.stringify(events)).not.toMatch(/in-[a-z]+-|4711|never-kept/);
});

test('fingerprint: no word of them', async () => {
  const { lines, events } = await record('fingerprint');
  expect(lines).not.toMatch(/in-an?-|in-[dsw]|4711|never-kept|kept|select \$|values/);
  expect(lines).toMatch(/"fingerprint":"[0-9a-f]{16,}"/);
  expect(JSON.stringify(events)).not.toMatch(/in-[a-z]+-|4711|never-kept/);
  const log = product.running();
  expect(log.stdout() + log.stderr()).not.toMatch(/in-[a-z]+-|4711|never-kept/);
});
