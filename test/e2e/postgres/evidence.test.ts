import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { StatementRun } from '../../../src/domain/session/statement-run.ts';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { startProcess } from '../../kit/process.ts';
import { until } from '../../kit/until.ts';
import { logIn } from '../person.ts';
import { launchProduct, type Product, type Token } from '../product.ts';
import { postgresResources, psql } from './database.ts';

let product: Product;
let server: PostgresServer;
let token: Token;

beforeAll(async () => {
  [product, server] = await Promise.all([launchProduct({ cut: null }), launchPostgresServer()]);
  await product.cli(['apply', '-f', '-'], {
    input: postgresResources(server, 'app', '{deny: [drop], notUnderstood: mark}'),
  });
  token = await product.json<Token>(['token', 'create', '--protocol', 'postgres']);
}, 120_000);

afterAll(async () => {
  await product.stop();
  await server.stop();
});

interface Session {
  readonly id: string;
  readonly endedAt: string | null;
}

interface SessionWithEvents {
  readonly recording: { readonly duty: string; readonly bytes: number };
  readonly events: { readonly edges: readonly { readonly node: { readonly type: string; readonly data: unknown } }[] };
}

const sessions = async (): Promise<readonly Session[]> => product.json<readonly Session[]>(['sessions', 'list']);

async function newestEnded(): Promise<string> {
  return until(
    async () => {
      const newest = (await sessions()).at(-1);
      return typeof newest?.endedAt === 'string' ? newest.id : undefined;
    },
    { what: 'the end of the newest session' },
  );
}

/** A client of npm's pg through the proxy. */
async function connected(program = 'pg'): Promise<Client> {
  const client = new Client({
    application_name: program,
    host: 'localhost',
    port: product.postgresPort,
    user: 'admin~app',
    password: token.secret,
    database: 'postgres',
    ssl: { ca: readFileSync(join(product.dataFolder, 'ca.pem'), 'utf8') },
  });
  // Nobody reads what is said when the test is over.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Without the times, which are another thing each time. */
const timeless = (text: string): readonly string[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^\d+:\d\d:\d\d\.\d{3}/, 'T').replace(/[\d.]+ ms$/, 'N ms'));

it('a session at a database is replayed as a timeline of what was asked, refused and answered', async () => {
  const long = `select length('${'ü😀\\'.repeat(36_000)}') -- the end`;
  const run = await psql(product, 'admin~app', token.secret, ['-f', '-'], {
    input: `select 6 *\n 7;\ndrop table x;\nselect nothing;\n${long};\n`,
  });
  expect(run.stderr).toContain('drop');
  const id = await newestEnded();
  const played = timeless((await product.cli(['sessions', 'play', id, '--speed', 'max'])).stdout);
  const [begun = '', ...rest] = played.filter((line) => line.includes('#4'));
  // Not by toBe, which would print all of it.
  expect(begun === `T  #4 marked query [not understood]  ${long};`, begun.slice(0, 100)).toBe(true);
  expect(rest.map((line) => line.trim())).toEqual([expect.stringMatching(/^#4 done, 1 row, \d+ bytes, N ms$/)]);
  expect(played.filter((line) => !line.includes('#4'))).toEqual([
    'T  #1 query [select]  select 6 *',
    '              7;',
    expect.stringMatching(/^ {13}#1 done, 1 row, \d+ bytes, N ms$/),
    'T  #2 REFUSED query [drop table]  drop table x;',
    expect.stringMatching(/^ {13}.*drop/),
    'T  #3 query [select]  select nothing;',
    expect.stringMatching(/^ {13}#3 failed with SQLSTATE 42703, 0 rows/),
    expect.stringMatching(/^ {13}.*too long to be read/),
  ]);

  const text = await product.cli(['recordings', 'export', id, '--as', 'text']);
  expect(timeless(text.stdout)).toEqual(played);
  const lines = (await product.cli(['recordings', 'export', id, '--as', 'jsonl'])).stdout.trim().split('\n');
  const texts = lines.map((line) => (JSON.parse(line) as { data: { text?: string } }).data.text);
  expect(texts.filter((each) => each !== undefined)).toEqual([
    'select 6 *\n 7;',
    'drop table x;',
    'select nothing;',
    `${long};`,
  ]);
  expect(lines.length).toBeLessThan(8);
  for (const as of ['asciicast', 'raw']) {
    const refused = await product.cli(['recordings', 'export', id, '--as', as], { code: 1 });
    expect(refused.stdout).toBe('');
    expect(refused.stderr).toMatch(/at a database.*text.*jsonl/);
  }
}, 90_000);

it('the log says of a person at a target which statements came, how they ended and where their text is', async () => {
  await psql(product, 'admin~app', token.secret, ['-f', '-'], { input: 'select 1;\nselect 2;\ndrop table x;\n' });
  const id = await newestEnded();
  const who = ['--user', 'admin', '--target', 'app', '--session', id];
  const { stdout } = await product.cli(['audit', 'events', ...who, '--type', 'StatementsExecuted,StatementRefused']);
  // What is executed may be noted in one piece or in two.
  const types = stdout
    .trim()
    .split('\n')
    .map((line) => line.split('  ')[2]);
  expect([...new Set(types)]).toEqual(['StatementsExecuted', 'StatementRefused']);
  expect(types.at(-1)).toBe('StatementRefused');
  expect(stdout).not.toMatch(/select 1|drop table x/i);
  const admin = await logIn(product);
  const { session } = await admin.graphql<{ session: SessionWithEvents }>(
    'query ($id: ID!) { session(id: $id) { recording { duty bytes } events { edges { node { type data } } } } }',
    { id },
  );
  expect(session.recording.bytes).toBeGreaterThan(0);
  const facts = (type: string) => session.events.edges.flatMap(({ node }) => (node.type === type ? [node.data] : []));
  const runs = facts('StatementsExecuted').flatMap((each) => (each as { readonly runs: readonly StatementRun[] }).runs);
  for (const run of runs) expect(run).toMatchObject({ statement: 'select', verdict: 'allowed', outcome: 'done' });
  expect(runs.reduce((sum, { count }) => sum + count, 0)).toBe(2);
  expect(facts('StatementRefused')).toMatchObject([{ statement: 'drop table', reason: 'deny', recordOffset: 2 }]);
}, 120_000);

it('prepared statements and their parameters are in the timeline while the session is open', async () => {
  const client = await connected();
  onTestFinished(() => client.end());
  const id = (await sessions()).at(-1)?.id ?? '';
  const { command, args, env } = product.cliCommand(['sessions', 'play', id, '--follow']);
  const play = startProcess(command, args, { env });
  await client.query({ name: 'twice', text: 'select $1::int * 2 as two, $2::text', values: [21, "o'clock"] });
  await play.line(/prepare "twice" \[select\] {2}select \$1::int \* 2 as two, \$2::text$/, 60_000);
  await play.line(/#1 execute \[select\] {2}select \$1/, 60_000);
  await play.line(/^ {13}\$1 = '21', \$2 = 'o''clock'$/, 60_000);
  await play.line(/^ {13}#1 done, 1 row, /, 60_000);
  await client.end();
  await play.exited;
  expect(play.stdout()).toContain('#1 done');
}, 120_000);

it('the connections of one tool stand together in the list, under the first', async () => {
  for (const program of ['DBeaver 24 - Main', 'psql', 'DBeaver 24 - Metadata']) {
    const client = await connected(program);
    onTestFinished(() => client.end());
  }
  const [main = '', alone = '', metadata = ''] = (await sessions()).slice(-3).map(({ id }) => id);
  const { stdout } = await product.cli(['sessions', 'list', '--live']);
  const ids = stdout.split('\n').map((line) => /^ *session-\S+/.exec(line)?.[0]);
  expect(ids.slice(ids.indexOf(main), -1)).toEqual([main, `  ${metadata}`, alone]);
  expect(await product.json(['sessions', 'show', metadata])).toMatchObject({ id: metadata, group: main });
}, 120_000);
