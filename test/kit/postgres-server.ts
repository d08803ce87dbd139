import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { makeTestCa, type TestCa } from './certificates.ts';
import { freePort } from './ports.ts';
import { launch, type Running } from './process.ts';
import { makeTempDir } from './temp-dir.ts';

const binaries = '/usr/lib/postgresql/15/bin';

export interface PostgresOptions {
  /** Lines for postgresql.conf, put last, so that they win. */
  readonly config?: readonly string[];
  /** The whole pg_hba.conf; without it everybody logs in by SCRAM inside TLS. */
  readonly hba?: readonly string[];
  /** Every statement into the server's own log as JSON lines: `jsonLog()`. */
  readonly jsonlog?: boolean;
  /** Without it, plain TCP alone. */
  readonly tls?: boolean;
  /** Names in the server's certificate; localhost and 127.0.0.1 unless told. */
  readonly names?: readonly string[];
}

export interface PostgresServer {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** The superuser and its password; database `postgres`. */
  readonly username: 'postgres';
  readonly password: string;
  /** Signed the server's certificate, and is trusted for client certificates. */
  readonly ca: TestCa;
  /** PEM of the server's certificate. */
  readonly certificate: string;
  /** Folder of the unix socket, where nobody is asked for a password. */
  readonly socket: string;
  readonly pid: number;
  /** One SQL text by psql over the unix socket; rows without decoration, as psql -At prints them. An SQL error rejects. */
  sql(text: string, database?: string): Promise<string>;
  /** What the server has written to its standard error so far. */
  log(): string;
  /** The rows of its JSON log so far (option `jsonlog`), without the first `skip` ones. */
  jsonLog(skip?: number): Record<string, unknown>[];
  stop(): Promise<void>;
}

/** Starts a PostgreSQL 15 that is stopped when the running test has ended. Only inside a test. */
export async function startPostgresServer(options: PostgresOptions = {}): Promise<PostgresServer> {
  const server = await launchPostgresServer(options);
  onTestFinished(async () => {
    await server.stop();
  });
  return server;
}

/** The same for `beforeAll`, where the caller stops it. */
export async function launchPostgresServer(options: PostgresOptions = {}): Promise<PostgresServer> {
  const dir = makeTempDir();
  const owner = process.getuid?.() === 0 ? await idsOf('postgres') : null;
  const own = (path: string): void => {
    if (owner !== null) chownSync(path, owner.uid, owner.gid);
  };
  const write = (path: string, text: string): void => {
    writeFileSync(path, text, { mode: 0o600 });
    own(path);
  };
  own(dir.path);
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: dir.path, TZ: 'UTC' };
  // PostgreSQL refuses to run as root.
  const as = (command: string, args: readonly string[], input?: string): Running => {
    const path = join(binaries, command);
    const start = input === undefined ? { env } : { env, input };
    return owner === null
      ? launch(path, args, start)
      : launch('setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', path, ...args], start);
  };

  const ca = await makeTestCa('Database CA');
  const { names = ['localhost', '127.0.0.1'] } = options;
  const { cert, key } = await ca.certify({ names });
  const password = randomBytes(18).toString('base64url');
  const port = await freePort();
  const data = join(dir.path, 'data');
  const file = (name: string): string => join(dir.path, name);
  write(file('server.crt'), cert);
  write(file('server.key'), key);
  write(file('ca.crt'), ca.pem);
  write(file('pw'), password);
  const init = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${file('pw')}`];
  const made = as('initdb', [...init, '-E', 'UTF8', '--locale=C.UTF-8', '-N']);
  if ((await made.exited).code !== 0) throw new Error(`initdb of Debian's postgresql-15: ${made.stderr()}`);
  write(join(data, 'postgresql.conf'), `${ownConfig(dir.path, port, options).join('\n')}\n`);
  const hba = options.hba ?? [options.tls === false ? loginBy('host') : loginBy('hostssl')];
  write(join(data, 'pg_hba.conf'), `${['local all all trust', ...hba].join('\n')}\n`);

  const server = as('postgres', ['-D', data]);
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await server.stop('SIGINT');
    dir.remove();
  };
  const halt = async (): Promise<void> => {
    stopped ??= stop();
    await stopped;
  };
  try {
    // setpriv becomes the server, so that this pid is the postmaster's; with jsonlog this line still comes here.
    if (options.jsonlog === true) await server.line(/redirecting log output/, 60_000);
    else await server.line(/ready to accept connections/, 60_000);
    await accepting(as, dir.path, port);
  } catch (error) {
    await halt();
    throw error;
  }
  return {
    host: '127.0.0.1',
    port,
    username: 'postgres',
    password,
    ca,
    certificate: cert,
    socket: dir.path,
    pid: server.pid,
    sql: async (text, database = 'postgres') => {
      const to = ['-h', dir.path, '-p', String(port), '-U', 'postgres', '-d', database];
      const psql = as('psql', ['-XAtq', '-v', 'ON_ERROR_STOP=1', ...to, '-f', '-'], text);
      const { code } = await psql.exited;
      if (code !== 0) throw new Error(`psql ended with ${String(code)}: ${psql.stderr()}`);
      return psql.stdout().trim();
    },
    log: () => server.stderr(),
    jsonLog: (skip = 0) => readJsonLog(join(dir.path, 'log'), skip),
    stop: halt,
  };
}

const loginBy = (type: string): string => `${type} all all 127.0.0.1/32 scram-sha-256`;

function ownConfig(dir: string, port: number, options: PostgresOptions): string[] {
  const tls = [
    'ssl = on',
    `ssl_cert_file = '${join(dir, 'server.crt')}'`,
    `ssl_key_file = '${join(dir, 'server.key')}'`,
    `ssl_ca_file = '${join(dir, 'ca.crt')}'`,
  ];
  const jsonlog = [
    'logging_collector = on',
    "log_destination = 'jsonlog'",
    `log_directory = '${join(dir, 'log')}'`,
    "log_filename = 'postgres.log'",
    'log_statement = all',
    'log_parameter_max_length = -1',
    'log_connections = on',
    'log_disconnections = on',
  ];
  return [
    "listen_addresses = '127.0.0.1'",
    `port = ${String(port)}`,
    `unix_socket_directories = '${dir}'`,
    'password_encryption = scram-sha-256',
    "timezone = 'UTC'",
    "log_timezone = 'UTC'",
    'fsync = off',
    'max_connections = 100',
    ...(options.tls === false ? [] : tls),
    ...(options.jsonlog === true ? jsonlog : []),
    ...(options.config ?? []),
  ];
}

/** `pg_isready` waits for nothing, so it is asked until it says yes. */
async function accepting(
  as: (command: string, args: readonly string[]) => Running,
  socket: string,
  port: number,
): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const { code } = await as('pg_isready', ['-q', '-h', socket, '-p', String(port), '-t', '10']).exited;
    if (code === 0) return;
    if (performance.now() > deadline) throw new Error('PostgreSQL does not accept connections after 60 s');
  }
}

async function idsOf(user: string): Promise<{ readonly uid: number; readonly gid: number }> {
  const ask = async (what: string): Promise<number> => {
    const id = launch('id', [what, user]);
    await id.exited;
    const number = Number.parseInt(id.stdout(), 10);
    if (Number.isNaN(number)) throw new Error(`there is no user ${user}: install Debian's postgresql-15`);
    return number;
  };
  return { uid: await ask('-u'), gid: await ask('-g') };
}

/** The line that is being written just now is left out. */
function readJsonLog(folder: string, skip: number): Record<string, unknown>[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const whole = files.toSorted().map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return text.slice(0, text.lastIndexOf('\n') + 1);
  });
  const lines = whole.join('').split('\n').slice(skip);
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}
