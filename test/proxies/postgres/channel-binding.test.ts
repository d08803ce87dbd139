import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeBackend } from '../../../src/proxies/postgres/codec/backend-encode.ts';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { soon } from '../../kit/until.ts';
import { openLeg } from './leg-kit.ts';
import { tlsRelay } from './tls-relay.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await launchPostgresServer();
}, 120_000);
afterAll(async () => await server.stop());

/** What the server itself shows. */
const own = () => ({ cert: server.certificate, key: readFileSync(join(server.socket, 'server.key'), 'utf8') });
const to = (port: number) => ({ port, password: server.password, trust: { tls: { ca: server.ca.pem } } });

test('the login is bound to the certificate: SCRAM-SHA-256-PLUS where the target has it', async () => {
  const relay = await tlsRelay(server.port, own());
  const leg = await openLeg(to(relay.port));
  expect(leg.parameters).toContainEqual(['session_authorization', 'postgres']);
  expect(relay.sent().toString('latin1')).toMatch(/SCRAM-SHA-256-PLUS\0.{4}p=tls-server-end-point,,n=/s);
  expect(relay.sent().includes(server.password)).toBe(false);
});

test('whoever stands between with another certificate of a trusted CA cannot pass the login on', async () => {
  const relay = await tlsRelay(server.port, await server.ca.certify());
  const error = await openLeg(to(relay.port)).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'target-login-failed', sqlState: '28000' });
  await soon(() => expect(server.log()).toContain('SCRAM channel binding check failed'));
  expect(relay.sent().includes(server.password)).toBe(false);
});

test('nor take the binding out of what the target offers', async () => {
  const offered = encodeBackend.authenticationSasl(['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256']);
  const weaker = encodeBackend.authenticationSasl(['SCRAM-SHA-256']);
  let altered = 0;
  const relay = await tlsRelay(server.port, own(), (piece) => {
    if (!piece.equals(offered)) return piece;
    altered += 1;
    return Buffer.from(weaker);
  });
  const error = await openLeg(to(relay.port)).catch((thrown: unknown) => thrown);
  expect(altered).toBe(1);
  expect(error).toMatchObject({ code: 'target-login-failed', sqlState: '28000' });
  expect(relay.sent().toString('latin1')).toMatch(/SCRAM-SHA-256\0.{4}y,,n=/s);
});
