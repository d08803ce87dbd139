import { chownSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { launch } from '../../kit/process.ts';
import { freePort } from '../../kit/ports.ts';
import type { PostgresServer } from '../../kit/postgres-server.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';

export interface PgBouncer {
  readonly port: number;
  readonly pid: number;
  /** The file of the CA that its certificate is from. */
  readonly caFile: string;
  stop(): Promise<void>;
}

/**
 * Debian's PgBouncer in session mode before a database: SCRAM on both legs, and with `tls` certificates verified on both.
 * It keeps its connections to the database and gives them to the next client, as it does everywhere.
 */
export async function launchPgBouncer(server: PostgresServer, { tls }: { readonly tls: boolean }): Promise<PgBouncer> {
  const dir = makeTempDir();
  const isRoot = userInfo().uid === 0;
  const owner = isRoot ? await idOf('postgres') : null;
  const file = (name: string, text: string): string => {
    const path = join(dir.path, name);
    writeFileSync(path, text, { mode: 0o600 });
    if (owner !== null) chownSync(path, owner, owner);
    return path;
  };
  if (owner !== null) chownSync(dir.path, owner, owner);
  const port = await freePort();
  const { cert, key } = await server.ca.certify();
  const ca = file('ca.crt', server.ca.pem);
  const users = file('users', `"${server.username}" "${server.password}"\n`);
  const withTls = [
    'client_tls_sslmode = require',
    `client_tls_cert_file = ${file('own.crt', cert)}`,
    `client_tls_key_file = ${file('own.key', key)}`,
    'server_tls_sslmode = verify-full',
    `server_tls_ca_file = ${ca}`,
  ];
  const settings = file(
    'pgbouncer.ini',
    [
      '[databases]',
      `* = host=127.0.0.1 port=${String(server.port)}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${String(port)}`,
      'unix_socket_dir =',
      'auth_type = scram-sha-256',
      `auth_file = ${users}`,
      'pool_mode = session',
      'log_connections = 0',
      'log_disconnections = 0',
      ...(tls ? withTls : ['client_tls_sslmode = disable', 'server_tls_sslmode = disable']),
      '',
    ].join('\n'),
  );
  const running = isRoot
    ? launch('setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', '/usr/sbin/pgbouncer', settings])
    : launch('/usr/sbin/pgbouncer', [settings]);
  await running.line(/process up/, 30_000);
  return {
    port,
    pid: running.pid,
    caFile: ca,
    stop: async () => {
      await running.stop('SIGTERM');
      dir.remove();
    },
  };
}

async function idOf(user: string): Promise<number> {
  const id = launch('id', ['-u', user]);
  await id.exited;
  return Number(id.stdout());
}
