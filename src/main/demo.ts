import { randomBytes } from 'node:crypto';
import { selfSigned } from '../adapters/certificates/self-signed.ts';
import type { Json } from '../domain/kernel/json.ts';
import { startDemoDatabase } from '../proxies/postgres/demo/demo-database.ts';
import { startDemoHost } from '../proxies/ssh/demo-host.ts';
import { applyOwn } from './first-start.ts';
import type { Installation } from './installation.ts';

/**
 * The demo (CONTRACT section 1): a shell host inside this process and a database in one of its own, an account on each, and
 * an entitlement for everybody who is an administrator or in the group demo. Applied at every start, since ports, keys and
 * passwords are new each time. Gives what closes it.
 */
export async function openDemo(installation: Installation): Promise<() => Promise<void>> {
  const { keyPairs, resources, nodeId } = installation;
  const hostKey = await keyPairs.generate('ed25519');
  const password = randomBytes(24).toString('base64url');
  const certificate = await selfSigned('Sallyport demo database', new Date());
  const host = await startDemoHost({ hostKeyPem: hostKey.privateKey, password });
  const database = await startDemoDatabase(certificate);
  await applyOwn(resources, nodeId, [
    ...account('demo-shell', 'demo', password, {
      protocol: 'ssh',
      address: `127.0.0.1:${String(host.port)}`,
      trust: { hostKeys: [hostKey.publicKey] },
    }),
    // It asks for no password; an account has one all the same.
    ...account('demo-db', 'postgres', password, {
      protocol: 'postgres',
      address: `127.0.0.1:${String(database.port)}`,
      trust: { tls: { certificateSha256: certificate.sha256 } },
    }),
    resource('Entitlement', 'demo', { access: { targets: ['demo-shell', 'demo-db'] }, recording: 'required' }),
    resource('Policy', 'demo', {
      assign: 'claims.user.username == "admin" || "demo" in claims.user.groups',
      entitlements: ['demo'],
    }),
  ]);
  return async () => {
    await Promise.all([host.close(), database.close()]);
  };
}

function account(name: string, username: string, password: string, target: Json): readonly Json[] {
  return [
    resource('Target', name, target),
    resource('Credential', name, { password }),
    resource('Account', name, { target: name, username, credential: { password: name } }),
  ];
}

function resource(kind: string, name: string, spec: Json): Json {
  return { apiVersion: 'sallyport/v1', kind, metadata: { name, labels: { demo: 'true' } }, spec };
}
