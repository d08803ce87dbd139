import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeTestCa } from '../../kit/certificates.ts';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { soon } from '../../kit/until.ts';
import { openLeg } from './leg-kit.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await launchPostgresServer({
    config: ['log_connections=on'],
    hba: [
      'hostssl all reports 127.0.0.1/32 cert',
      'hostssl all auditor 127.0.0.1/32 scram-sha-256 clientcert=verify-full',
      'hostssl all all 127.0.0.1/32 scram-sha-256',
    ],
  });
  await server.sql("create role reports login; create role auditor login password 'both-pw'");
}, 120_000);
afterAll(async () => await server.stop());

const to = () => ({ port: server.port, password: server.password, trust: { tls: { ca: server.ca.pem } } });
const clientOf = async (commonName: string, ca = server.ca) =>
  await ca.certify({ client: true, commonName, names: [] });

test('a client certificate from custody logs in alone where the target asks for no password', async () => {
  const client = { ...(await clientOf('reports')), password: null };
  const leg = await openLeg({ ...to(), username: 'reports', client });
  expect(leg.parameters).toContainEqual(['session_authorization', 'reports']);
  await soon(() => expect(server.log()).toMatch(/connection authenticated: identity="CN=reports" method=cert/));
});

test('and together with SCRAM where it asks for both, for a cancel request too', async () => {
  const client = { ...(await clientOf('auditor')), password: 'both-pw' };
  const leg = await openLeg({ ...to(), username: 'auditor', client });
  expect(leg.parameters).toContainEqual(['session_authorization', 'auditor']);
  await leg.cancel();
});

test.each([
  ['without a client certificate', 'reports', null, 'refused the login of reports'],
  ['with that of another role', 'reports', 'auditor', 'refused the login of reports'],
  ['with a certificate alone where a password is asked for', 'auditor', 'auditor', 'asks for the password of auditor'],
])('%s nobody logs in, and the administrator is told why', async (_how, username, commonName, says) => {
  const client = commonName === null ? {} : { client: { ...(await clientOf(commonName)), password: null } };
  await expect(openLeg({ ...to(), username, ...client })).rejects.toMatchObject({
    code: 'target-login-failed',
    message: expect.stringContaining(says),
  });
});

test('a certificate of a CA that the target does not know is told as such, without any of the key', async () => {
  const client = { ...(await clientOf('reports', await makeTestCa('Another CA'))), password: null };
  const error = await openLeg({ ...to(), username: 'reports', client }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: 'target-login-failed',
    message: expect.stringMatching(/ended TLS with an alert \(ERR_SSL_\w+UNKNOWN_CA\).*client certificate in custody/),
  });
  expect(String(error)).not.toContain('PRIVATE');
});
