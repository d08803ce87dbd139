import { createHash, X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeBackend } from '../../../src/proxies/postgres/codec/backend-encode.ts';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { soon, until } from '../../kit/until.ts';
import { hostileTarget } from '../../proxies/postgres/leg-kit.ts';
import { launchProduct, type Product, type Token } from '../product.ts';
import { postgresResources, psql } from './database.ts';

let product: Product;
let server: PostgresServer;
let token: Token;

beforeAll(async () => {
  [product, server] = await Promise.all([
    launchProduct(),
    launchPostgresServer({
      config: ['log_connections=on'],
      hba: ['hostssl all reports 127.0.0.1/32 cert', 'hostssl all all 127.0.0.1/32 scram-sha-256'],
    }),
  ]);
  await server.sql('create role reports login');
  await product.cli(['apply', '-f', '-'], { input: postgresResources(server) });
  token = await product.json<Token>(['token', 'create']);
}, 120_000);

afterAll(async () => {
  await product.stop();
  await server.stop();
});

const whoAmI = async (login: string) => await psql(product, login, token.secret, ['-c', 'select current_user']);

async function events(): Promise<readonly Readonly<{ type: string; data: Record<string, unknown> }>[]> {
  const { stdout } = await product.cli(['audit', 'events', '--format', 'json']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; data: Record<string, unknown> });
}

test('an account with a client certificate opens the database, and its private key is in no event', async () => {
  const { cert, key } = await server.ca.certify({ client: true, commonName: 'reports', names: [] });
  const input = `
{apiVersion: sallyport/v1, kind: Credential, metadata: {name: reports}, spec: ${JSON.stringify({ certificate: cert, privateKey: key })}}
---
{apiVersion: sallyport/v1, kind: Account, metadata: {name: reports}, spec: {target: app, username: reports, credential: {password: reports}}}
`;
  await product.cli(['apply', '-f', '-'], { input });
  expect(await whoAmI('admin~reports~app')).toMatchObject({ code: 0, stdout: 'reports\n', stderr: '' });
  await soon(() => expect(server.log()).toContain('identity="CN=reports" method=cert'));
  const all = JSON.stringify(await events());
  expect(all).toContain(JSON.stringify(cert).slice(1, -1));
  expect(all).not.toContain(key.split('\n')[3]);
});

const certificate = () => new X509Certificate(server.certificate);
const sha256 = (): string => createHash('sha256').update(certificate().raw).digest('hex');

/** The target, with another trust. */
const trusting = (trust: string): string =>
  `{apiVersion: sallyport/v1, kind: Target, metadata: {name: app}, spec: {protocol: postgres, address: 'localhost:${String(server.port)}'${trust}}}`;

test('a certificate that is not trusted stands in the event, and the person is told to ask', async () => {
  await product.cli(['apply', '-f', '-'], {
    input: trusting(`, trust: {tls: {certificateSha256: ${'ab'.repeat(32)}}}`),
  });
  const run = await whoAmI('admin~postgres~app');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('app shows a certificate that is not trusted');
  const refused = (await events()).find(({ type }) => type === 'TargetCertificateRefused');
  expect(refused?.data).toMatchObject({
    offered: { sha256: sha256(), issuer: 'CN=Database CA', validTo: certificate().validToDate.toISOString() },
    problem: expect.stringContaining('another one'),
  });
});

test('a scan shows the certificate and whether it is trusted; once it is confirmed the database opens', async () => {
  await product.cli(['apply', '-f', '-'], { input: trusting('') });
  const scan = await product.cli(['target', 'scan', 'app']);
  expect(scan.stdout).toContain(`SHA-256  ${sha256()}\nsubject  CN=localhost\nissuer   CN=Database CA\n`);
  expect(scan.stdout).toContain('trusted  no: the Target has no trust.tls yet\n');
  expect(scan.stderr).toContain(`certificateSha256: ${sha256()}`);
  expect((await whoAmI('admin~postgres~app')).code).toBe(2);

  await product.cli(['target', 'scan', 'app', '--confirm', certificate().fingerprint256]);
  expect(await whoAmI('admin~postgres~app')).toMatchObject({ code: 0, stdout: 'postgres\n' });
  expect(await product.json(['target', 'scan', 'app'])).toMatchObject([
    { sha256: sha256(), trusted: true, problem: null },
  ]);
});

test('a session that is ended while its target hangs and gives no key to cancel with takes nobody else along', async () => {
  const certified = await server.ca.certify();
  const asked: Buffer[] = [];
  const welcome = Buffer.concat([encodeBackend.authenticationOk(), encodeBackend.readyForQuery('I')]);
  const inTls = (socket: TLSSocket, received: Buffer): void => {
    if (asked.length === 0) socket.write(welcome);
    asked.push(received);
  };
  const { port } = await hostileTarget({ certified, inTls });
  await product.cli(['apply', '-f', '-'], { input: postgresResources({ ...server, port }, 'hangs') });
  const hanging = whoAmI('admin~postgres~hangs');
  await until(() => Buffer.concat(asked).includes('select current_user'), { what: 'the query', deadlineMs: 60_000 });
  const sessions = await product.json<readonly { id: string; target: string }[]>(['sessions', 'list']);
  await product.cli(['sessions', 'kill', sessions.find(({ target }) => target === 'hangs')!.id]);
  expect(await hanging).toMatchObject({ code: 2, stderr: expect.stringContaining('FATAL:  you ended this session') });
  expect(await whoAmI('admin~postgres~app')).toMatchObject({ code: 0, stdout: 'postgres\n' });
}, 120_000);
