import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TargetDatabase } from '../../../src/application/ports/target-database.ts';
import { encodeBackend } from '../../../src/proxies/postgres/codec/backend-encode.ts';
import { encodeFrontend } from '../../../src/proxies/postgres/codec/frontend-encode.ts';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { until } from '../../kit/until.ts';
import { hostileTarget, openLeg } from './leg-kit.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await launchPostgresServer({
    config: ["log_line_prefix='%m '", 'log_connections=on'],
    hba: [
      'hostssl all md5 127.0.0.1/32 md5',
      'hostssl all clear 127.0.0.1/32 password',
      'hostssl all trusted 127.0.0.1/32 trust',
      'hostssl all all 127.0.0.1/32 scram-sha-256',
    ],
  });
  await server.sql('create role trusted login; create role clear login password $$clear-pw$$');
  await server.sql("set password_encryption = 'md5'; create role md5 login password $$md5-pw$$");
}, 120_000);
afterAll(async () => await server.stop());

const sha256 = (): string => createHash('sha256').update(new X509Certificate(server.certificate).raw).digest('hex');
const to = () => ({ port: server.port, password: server.password, trust: { tls: { ca: server.ca.pem } } });

function listen(leg: TargetDatabase): () => string {
  const chunks: Buffer[] = [leg.early];
  leg.stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  leg.stream.resume();
  return () => Buffer.concat(chunks).toString('latin1');
}

test('logs in by SCRAM with channel binding inside verified TLS, with database and parameters, and takes a query', async () => {
  const leg = await openLeg({ ...to(), database: 'template1', parameters: [['application_name', "psql ' x"]] });
  expect(leg.identity).toBe(`SHA256:${sha256()}`);
  expect(leg.parameters).toContainEqual(['application_name', "psql ' x"]);
  expect(leg.parameters).toContainEqual(['server_encoding', 'UTF8']);
  expect(leg.notices).toEqual([]);
  const seen = listen(leg);
  leg.stream.write(
    encodeFrontend.query(
      "select 'db=' || current_database() || ' tls=' || ssl from pg_stat_ssl where pid = pg_backend_pid()",
    ),
  );
  await until(() => seen().includes('db=template1 tls=true'), { what: 'the row', deadlineMs: 30_000 });
});

test.each(['ca', 'pin'])('trusts by %s', async (by) => {
  const tls = by === 'ca' ? { ca: server.ca.pem } : { certificateSha256: sha256() };
  // A pinned certificate need not name the host.
  const leg = await openLeg({ ...to(), host: by === 'ca' ? '127.0.0.1' : 'elsewhere.example', trust: { tls } });
  expect(leg.identity).toBe(`SHA256:${sha256()}`);
});

test('without trust, with another CA, name or certificate nothing is sent, and the certificate is named', async () => {
  const offered = { sha256: sha256(), subject: 'CN=localhost', issuer: 'CN=Database CA' };
  const refused = { code: 'target-certificate-refused', offered };
  const before = await logins('before');
  await expect(openLeg({ ...to(), trust: null })).rejects.toMatchObject({
    ...refused,
    problem: expect.stringContaining('no trust.tls'),
  });
  await expect(openLeg({ ...to(), host: 'other.example' })).rejects.toMatchObject({
    ...refused,
    problem: expect.stringContaining("not name the target's host"),
  });
  await expect(openLeg({ ...to(), trust: { tls: { system: true } } })).rejects.toMatchObject({
    ...refused,
    problem: expect.stringContaining('no CA'),
  });
  const other = { tls: { certificateSha256: 'ab'.repeat(32) } };
  await expect(openLeg({ ...to(), trust: other })).rejects.toMatchObject({
    ...refused,
    problem: expect.stringContaining('another one'),
  });
  expect(await logins('after')).toBe(before);
});

/** How many logins by TLS the server has noted so far: all that came before the mark are in its log when the mark is. */
async function logins(mark: string): Promise<number> {
  await server.sql(`do $$ begin raise log 'mark ${mark}'; end $$`);
  await until(() => server.log().includes(`mark ${mark}`), { what: 'the mark in the log' });
  return server.log().match(/connection authorized: .*SSL enabled/g)?.length ?? 0;
}

test.each([
  ['md5', 'md5-pw', 'MD5'],
  ['clear', 'clear-pw', 'in clear'],
])(
  'a target that asks for %s gets nothing, and the administrator is told what to set',
  async (username, password, what) => {
    await expect(openLeg({ ...to(), username, password })).rejects.toMatchObject({
      code: 'target-login-failed',
      message: expect.stringMatching(new RegExp(`${what}.*password_encryption = scram-sha-256`)),
    });
  },
);

test('a target that asks for nothing is taken, since its certificate is trusted', async () => {
  const leg = await openLeg({ ...to(), username: 'trusted' });
  expect(leg.parameters).toContainEqual(['session_authorization', 'trusted']);
});

test('a wrong password says nothing of it; a database that is not there is said with its SQLSTATE', async () => {
  const wrong = await openLeg({ ...to(), password: 'wr0ng-secret' }).catch((error: unknown) => error);
  expect(wrong).toMatchObject({ code: 'target-login-failed', sqlState: '28P01', targetMessage: null });
  expect(String(wrong)).not.toContain('wr0ng-secret');
  await expect(openLeg({ ...to(), database: 'no-such' })).rejects.toMatchObject({
    code: 'target-login-failed',
    sqlState: '3D000',
    targetMessage: 'database "no-such" does not exist',
  });
});

test('what would say who logs in does not pass as a parameter, and an address of our own is not connected', async () => {
  for (const name of ['user', 'database', 'replication']) {
    await expect(openLeg({ ...to(), parameters: [[name, 'x']] })).rejects.toMatchObject({ code: 'reserved-parameter' });
  }
  await expect(openLeg({ ...to(), leadsToUs: true })).rejects.toThrow('leads back to this installation');
});

test('a cancel request ends what runs, and the session lives on', async () => {
  const leg = await openLeg(to());
  const seen = listen(leg);
  leg.stream.write(encodeFrontend.query('select pg_sleep(600)'));
  await until(
    async () =>
      (await server.sql(
        "select count(*) from pg_stat_activity where query like '%pg_sleep(600)' and state = 'active' and pid <> pg_backend_pid()",
      )) === '1',
    { what: 'the query to run', deadlineMs: 30_000 },
  );
  await leg.cancel();
  await until(() => seen().includes('57014'), { what: 'the query to be cancelled', deadlineMs: 30_000 });
  leg.stream.write(encodeFrontend.query("select 'still ' || 'here'"));
  await until(() => seen().includes('still here'), { what: 'the next query', deadlineMs: 30_000 });
});

test('close ends the backend at the target; a backend that ends is a lost leg', async () => {
  const leg = await openLeg({ ...to(), parameters: [['application_name', 'to-close']] });
  const backends = (name: string) =>
    server.sql(`select count(*) from pg_stat_activity where application_name = '${name}'`);
  expect(await backends('to-close')).toBe('1');
  const heard: string[] = [];
  leg.onLost((reason) => heard.push(reason));
  leg.close();
  await until(async () => (await backends('to-close')) === '0', { what: 'the backend to end', deadlineMs: 30_000 });

  const other = await openLeg({ ...to(), parameters: [['application_name', 'to-kill']] });
  listen(other);
  other.onLost((reason) => heard.push(reason));
  await server.sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'to-kill'");
  await until(() => heard.length > 0, { what: 'the loss to be told', deadlineMs: 30_000 });
  expect(heard).toEqual(['closed-by-target']);
});

/** The timer of the kernel that runs for the connection to this port, as /proc/net/tcp has it; "02" is keep-alive. */
function timerTo(port: number): string | undefined {
  const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const rows = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1);
  const row = rows.map((line) => line.trim().split(/\s+/)).find((columns) => columns[2] === remote);
  return row?.[5];
}

test('a target that falls silent without a word is asked after by the kernel within 15 s, and its loss is told', async () => {
  const target = await hostileTarget({
    certified: await server.ca.certify(),
    inTls: (socket) =>
      void socket.write(Buffer.concat([encodeBackend.authenticationOk(), encodeBackend.readyForQuery('I')])),
  });
  const leg = await openLeg({ ...to(), port: target.port });
  const heard: string[] = [];
  leg.onLost((reason) => heard.push(reason));
  let timer: string | undefined;
  await until(() => (timer = timerTo(target.port))?.startsWith('02:') === true, {
    what: 'the keep-alive timer',
    deadlineMs: 30_000,
  });
  // In 1/100 s.
  expect(Number.parseInt(timer!.slice(3), 16)).toBeLessThanOrEqual(1_500);
  leg.stream.resume();
  target.reset();
  await until(() => heard.length > 0, { what: 'the loss to be told', deadlineMs: 30_000 });
  expect(heard).toEqual(['target-lost']);
});
