import { join } from 'node:path';
import type { PostgresServer } from '../../kit/postgres-server.ts';
import { type Finished, finished, type Product } from '../product.ts';

/** A target with one account by password on a real PostgreSQL, and everybody's right to it. `channels`: of the entitlement, in YAML flow. */
export function postgresResources(server: PostgresServer, name = 'app', channels = '{}'): string {
  return `
apiVersion: sallyport/v1
kind: Target
metadata: {name: ${name}}
spec:
  protocol: postgres
  address: localhost:${String(server.port)}
  trust: {tls: {ca: ${JSON.stringify(server.ca.pem)}}}
---
apiVersion: sallyport/v1
kind: Credential
metadata: {name: ${name}}
spec: {password: ${JSON.stringify(server.password)}}
---
apiVersion: sallyport/v1
kind: Account
metadata: {name: ${name}}
spec: {target: ${name}, username: ${server.username}, credential: {password: ${name}}}
---
apiVersion: sallyport/v1
kind: Entitlement
metadata: {name: ${name}}
spec: {access: {targets: [${name}], channels: {postgres: ${channels}}}, recording: required}
---
apiVersion: sallyport/v1
kind: Policy
metadata: {name: ${name}}
spec: {assign: "true", entitlements: [${name}]}
`;
}

/** Environment of libpq: the login name as user, the token as password, our certificate verified in full. */
export function libpq(product: Product, login: string, secret: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: product.dataFolder,
    LC_ALL: 'C.UTF-8',
    PGHOST: 'localhost',
    PGHOSTADDR: '127.0.0.1',
    PGPORT: String(product.postgresPort),
    PGUSER: login,
    PGPASSWORD: secret,
    PGSSLMODE: 'verify-full',
    PGSSLROOTCERT: join(product.dataFolder, 'ca.pem'),
    PGDATABASE: 'postgres',
  };
}

/** One run of psql without its start-up file; rows without decoration. */
export async function psql(
  product: Product,
  login: string,
  secret: string,
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Finished> {
  return finished('psql', ['-X', '-At', ...args], {
    env: { ...libpq(product, login, secret), ...options.env },
    ...(options.input === undefined ? {} : { input: options.input }),
  });
}
