import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';
import { logIn } from '../person.ts';
import { type Finished, finished, launchProduct, type Product, type Token } from '../product.ts';
import { postgresResources } from './database.ts';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/how-to/connect-postgres.md'), 'utf8');
const block = (kind: string): string => new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? '';

type Ways = readonly { readonly client: string; readonly text: string }[];

interface Reach {
  readonly connect: readonly { readonly client: string; readonly line: string }[];
}

const home = makeTempDir();
let product: Product;
let server: PostgresServer;
let token: Token;

beforeAll(async () => {
  [product, server] = await Promise.all([launchProduct(), launchPostgresServer()]);
  await product.cli(['apply', '-f', '-'], { input: postgresResources(server, 'shop') });
  await server.sql('create database shop');
  token = await product.json<Token>(['token', 'create']);
  for (const name of ['ca.pem', 'sallyport-ca.pem']) {
    writeFileSync(join(home.path, name), readFileSync(join(product.dataFolder, 'ca.pem')));
  }
  symlinkSync(join(root, 'node_modules'), join(home.path, 'node_modules'));
}, 180_000);

afterAll(async () => {
  await product.stop();
  await server.stop();
  home.remove();
});

/** With our names for its host, port, person and home. */
function asOurs(text: string): string {
  return text
    .replaceAll('sallyport.example.org', 'localhost')
    .replaceAll('5433', String(product.postgresPort))
    .replaceAll('alice~', 'admin~')
    .replaceAll('/home/alice', home.path)
    .replaceAll('spt_…', token.secret);
}

async function inShell(line: string, env: Readonly<Record<string, string>> = {}): Promise<Finished> {
  const own = { PATH: process.env.PATH ?? '', HOME: home.path, LC_ALL: 'C.UTF-8', ...env };
  return finished('sh', ['-c', line], { cwd: home.path, env: own });
}

it.each(block('sh client').trim().split('\n'))('%s', { timeout: 120_000 }, async (line) => {
  const run = await inShell(asOurs(line), { PGPASSWORD: token.secret });
  expect(run, run.stderr).toMatchObject({ code: 0, stderr: '' });
});

it('what is kept in files serves psql', { timeout: 120_000 }, async () => {
  const kept = /^sallyport\.example\.org:5433:.*$/m.exec(page)?.[0] ?? '';
  writeFileSync(join(home.path, '.pgpass'), `${asOurs(kept)}\n`, { mode: 0o600 });
  writeFileSync(join(home.path, '.pg_service.conf'), asOurs(block('ini')));
  const run = await inShell('psql service=shop -XAtwc "select current_database()"');
  expect(run, run.stderr).toMatchObject({ code: 0, stdout: 'shop\n', stderr: '' });
});

it('npm pg', { timeout: 120_000 }, async () => {
  const program = join(home.path, 'program.mjs');
  writeFileSync(program, asOurs(block('js')));
  const run = await inShell(`'${process.execPath}' program.mjs`, { PGPASSWORD: token.secret });
  expect(run, run.stderr).toMatchObject({ code: 0, stdout: '[ { two: 2 } ]\n' });
});

it('Python', { timeout: 120_000 }, async () => {
  writeFileSync(join(home.path, 'program.py'), asOurs(block('python')));
  const run = await inShell('/usr/bin/python3 program.py', { PGPASSWORD: token.secret });
  expect(run, run.stderr).toMatchObject({ code: 0, stdout: '(2,)\n' });
});

/** Prints the database that a URL leads to; the password is in the environment. */
const java = `
public class Ask {
  public static void main(String[] urls) throws Exception {
    var secret = new java.util.Properties();
    secret.put("password", System.getenv("PGPASSWORD"));
    for (String url : urls) {
      try (var connection = java.sql.DriverManager.getConnection(url, secret)) {
        System.out.println(connection.getCatalog());
      }
    }
  }
}`;

it('JDBC, by the URL of the page, by that of the connect lines, and by what their line for DBeaver says', {
  timeout: 180_000,
}, async () => {
  writeFileSync(join(home.path, 'Ask.java'), java);
  const urls = [asOurs(block('jdbc')).trim(), (await ways()).jdbc ?? '', await dbeaverUrl()];
  const command = `java -cp /usr/share/java/postgresql.jar Ask.java ${urls.map((url) => `'${url}'`).join(' ')}`;
  const run = await inShell(command, { PGPASSWORD: token.secret });
  expect(run, run.stderr).toMatchObject({ code: 0, stdout: 'shop\npostgres\npostgres\n' });
});

it('what `sallyport ls` prints can be pasted', { timeout: 120_000 }, async () => {
  for (const command of [await printed('psql'), `psql "${await printed('uri')}"`]) {
    const run = await inShell(`${command} -XAtwc "select current_database()"`, { PGPASSWORD: token.secret });
    expect(run, run.stderr).toMatchObject({ code: 0, stdout: 'postgres\n', stderr: '' });
  }
});

it('each connect line leads there, and none holds the token', { timeout: 120_000 }, async () => {
  const { psql = '', uri = '', ca = '', 'pg-service': service = '', ...others } = await ways();
  expect(ca).toBe(readFileSync(join(product.dataFolder, 'ca.pem'), 'utf8'));
  writeFileSync(join(home.path, '.pg_service.conf'), service);
  const alias = /^\[(.+)\]/.exec(service)?.[1] ?? '';
  for (const command of [psql, `psql '${uri}'`, `psql service=${alias}`]) {
    const run = await inShell(`${command} -XAtwc "select current_database()"`, { PGPASSWORD: token.secret });
    expect(run, run.stderr).toMatchObject({ code: 0, stdout: 'postgres\n', stderr: '' });
  }
  expect(Object.keys(others)).toEqual(['jdbc', 'dbeaver']);
});

/** The connect lines of GraphQL, by client. */
async function ways(): Promise<Readonly<Record<string, string>>> {
  const admin = await logIn(product);
  const { viewer } = await admin.graphql<{ viewer: { reach: { edges: readonly { node: { connect: Ways } }[] } } }>(
    '{ viewer { reach { edges { node { connect { client text } } } } } }',
  );
  const connect = viewer.reach.edges[0]?.node.connect ?? [];
  expect(JSON.stringify(connect)).not.toContain(token.secret);
  return Object.fromEntries(connect.map(({ client, text }) => [client, text]));
}

/** The URL that DBeaver makes for its PostgreSQL driver of what its line says. */
async function dbeaverUrl(): Promise<string> {
  const list = /^dbeaver -con "(.*)"$/.exec((await ways()).dbeaver ?? '')?.[1] ?? '';
  const said = new Map(list.split('|').map((each) => each.split(/=(.*)/s, 2) as [string, string]));
  const properties = [...said].filter(([name]) => name.startsWith('prop.'));
  const query = properties.map(([name, value]) => `${name.slice('prop.'.length)}=${value}`).join('&');
  const place = `${said.get('host') ?? ''}:${said.get('port') ?? ''}/${said.get('database') ?? ''}`;
  return `jdbc:postgresql://${place}?user=${said.get('user') ?? ''}&${query}`;
}

async function printed(client: string): Promise<string> {
  const [{ connect } = { connect: [] }] = await product.json<readonly Reach[]>(['ls']);
  return connect.find((each) => each.client === client)?.line ?? '';
}
