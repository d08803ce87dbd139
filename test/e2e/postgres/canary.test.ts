import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { until } from '../../kit/until.ts';
import { launchWireTap, type WireTap } from '../../kit/wire-tap.ts';
import { findBelow, findIn, type Needle, needlesOf } from '../needles.ts';
import { logIn, type Person } from '../person.ts';
import { launchProduct, type Product, type Token } from '../product.ts';
import { postgresResources, psql } from './database.ts';

/** Also a name in SQL. */
const canary = (name: string): string => `${name}_${randomBytes(9).toString('hex')}`;
/** What people type at a database, each where it could get into an event or an error. */
const typed = {
  'text of a statement': canary('text'),
  'text of a refused statement': canary('refused'),
  'text of a failed statement': canary('failed'),
  'text that is no SQL': canary('broken'),
  'parameter of a prepared statement': canary('parameter'),
  'password of a role': canary('role password'),
  'row that was copied': canary('copied'),
} as const;
const wrong = { 'wrong token': canary('wrong_token'), 'password typed as user name': canary('typed_as_user') } as const;
const script = `select '${typed['text of a statement']}';
drop table ${typed['text of a refused statement']};
select "${typed['text of a failed statement']}";
selec '${typed['text that is no SQL']}';
prepare asked (text) as select $1; execute asked ('${typed['parameter of a prepared statement']}');
create role canary password '${typed['password of a role']}';
create temporary table pile (line text);
copy pile from stdin;
${typed['row that was copied']}
\\.
`;

let product: Product;
let server: PostgresServer;
let admin: Person;
let token: Token;
/** On the wire of either leg, and within the TLS of either leg. */
let taps: Readonly<Record<'client' | 'target' | 'clientWithin' | 'targetWithin', WireTap>>;
/** What opens something: of these nothing may stand anywhere. */
const keys: Needle[] = [];
const texts = Object.entries({ ...typed, ...wrong }).flatMap(([name, value]) => needlesOf(name, value));

beforeAll(async () => {
  [product, server] = await Promise.all([
    launchProduct(),
    launchPostgresServer({ hba: ['host all all 127.0.0.1/32 scram-sha-256'] }),
  ]);
  const within = await server.ca.certify();
  const ca = readFileSync(join(product.dataFolder, 'ca.pem'), 'utf8');
  taps = {
    client: await launchWireTap({ to: product.postgresPort }),
    target: await launchWireTap({ to: server.port }),
    clientWithin: await launchWireTap({ to: product.postgresPort, within, farCa: ca }),
    targetWithin: await launchWireTap({ to: server.port, within }),
  };
  admin = await logIn(product);
  await admin.apply(postgresResources({ ...server, port: taps.target.port }, 'app', '{deny: [drop]}'));
  await admin.apply(postgresResources({ ...server, port: taps.targetWithin.port }, 'within'));
  token = await admin.token();
  await useEverySecret();
}, 180_000);

afterAll(async () => {
  for (const tap of Object.values(taps)) tap.close();
  await product.stop();
  await server.stop();
});

/** What makes psql speak to a tap that ends TLS, with or without the binding that finds it out. */
const tapped = (binding: 'disable' | 'prefer'): Readonly<Record<string, string>> => {
  const trusted = join(product.dataFolder, '..', 'ca-of-the-tap.pem');
  writeFileSync(trusted, server.ca.pem);
  return { PGPORT: String(taps.clientWithin.port), PGSSLROOTCERT: trusted, PGCHANNELBINDING: binding };
};

async function useEverySecret(): Promise<void> {
  const env = { PGPORT: String(taps.client.port) };
  const misplaced = { ...env, PGAPPNAME: `tool ${token.secret}` };
  const run = await psql(product, 'admin~app', token.secret, ['-f', '-'], { env: misplaced, input: script });
  expect(run.stdout).toContain(typed['text of a statement']);
  expect(run.stdout).toContain(typed['parameter of a prepared statement']);
  expect(run.stderr).toMatch(/drop/);
  const within = await psql(product, 'admin~within', token.secret, ['-c', 'select 6 * 7'], { env: tapped('disable') });
  expect(within).toMatchObject({ code: 0, stdout: '42\n' });
  for (const [user, secret] of [
    ['admin~app', wrong['wrong token']],
    [wrong['password typed as user name'], token.secret],
  ] as const) {
    expect(await psql(product, user, secret, ['-c', 'select 1'], { env })).toMatchObject({ code: 2, stdout: '' });
  }
  await until(async () => (await admin.events(null)).filter(({ type }) => type === 'SessionEnded').length === 2, {
    what: 'the end of both sessions',
  });
  keys.push(
    ...needlesOf('bearer', admin.bearer),
    ...derived('token', token.secret, taps.clientWithin),
    ...derived('password of the target', server.password, taps.targetWithin),
  );
}

/** A secret, and all that RFC 5802 (section 3) makes of it with the salt that the server named in this capture. */
function derived(name: string, secret: string, tap: WireTap): readonly Needle[] {
  const [, salt = '', count = ''] = /,s=([A-Za-z0-9+/=]+),i=(\d+)/.exec(tap.fromFar().toString('latin1')) ?? [];
  expect(Number(count), 'an exchange by SCRAM').toBeGreaterThan(4_000);
  const salted = pbkdf2Sync(secret, Buffer.from(salt, 'base64'), Number(count), 32, 'sha256');
  const hmac = (text: string): Buffer => createHmac('sha256', salted).update(text).digest();
  const client = hmac('Client Key');
  return Object.entries({
    [name]: secret,
    [`salted ${name}`]: salted,
    [`client key of the ${name}`]: client,
    [`stored key of the ${name}`]: createHash('sha256').update(client).digest(),
    [`server key of the ${name}`]: hmac('Server Key'),
  }).flatMap(([each, value]) => needlesOf(each, value));
}

const inCapture = (tap: WireTap, needles: readonly Needle[]): readonly string[] => [
  ...findIn('to the server', tap.fromNear(), needles),
  ...findIn('to the client', tap.fromFar(), needles),
];

it('on the wire of either leg there is TLS and nothing of what was said', () => {
  for (const tap of [taps.client, taps.target]) {
    expect(tap.fromNear().length).toBeGreaterThan(1_000);
    expect(inCapture(tap, [...keys, ...texts])).toEqual([]);
  }
});

it('within the TLS of either leg no secret passes, and nothing that is made of one', () => {
  for (const tap of [taps.clientWithin, taps.targetWithin]) {
    expect(inCapture(tap, needlesOf('statement', 'select 6 * 7'))).toContain('to the server: statement (plain)');
    expect(inCapture(tap, keys)).toEqual([]);
  }
});

it('who stands within the TLS is found out by the binding of the login to it', async () => {
  const run = await psql(product, 'admin~within', token.secret, ['-c', 'select 1'], { env: tapped('prefer') });
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toContain('Access denied');
}, 60_000);

it('no secret and nothing typed stands in the data folder or in the output', async () => {
  const inFolder = (): readonly string[] => findBelow(product.dataFolder, [...keys, ...texts]);
  expect(inFolder()).toEqual([]);
  const { stop, stdout, stderr } = product.running();
  await stop();
  expect(inFolder()).toEqual([]);
  expect(findIn('output', Buffer.from(stdout() + stderr()), [...keys, ...texts])).toEqual([]);
  await product.restart();
  admin = await logIn(product);
}, 90_000);

it('no secret stands in an event or in the recording, and nothing typed in an event', async () => {
  const events = await admin.events(null);
  expect(events.map(({ type }) => type)).toContain('StatementsExecuted');
  expect(findIn('events', Buffer.from(JSON.stringify(events)), [...keys, ...texts])).toEqual([]);
  const { stream: session = '', data } = events.find(({ type }) => type === 'SessionOpened') ?? {};
  expect(data).toMatchObject({ client: 'tool spt_…' });
  const { stdout } = await product.cli(['recordings', 'export', session, '--as', 'jsonl']);
  expect(stdout).toContain(typed['parameter of a prepared statement']);
  expect(findIn('recording', Buffer.from(stdout), keys)).toEqual([]);
}, 90_000);
